namespace MediaScore.Load.Backlog;

/// <summary>A data folder that outlives one server and not the run.</summary>
internal sealed class TemporaryData : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mediascore-load-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
