using MediaScore.Keys;

namespace MediaScore.Recording.Tests.Support;

/// <summary>A root folder of interviews that is gone after the test, and a key that is always the same.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("mediascore-recording-").FullName;

    public string Root { get; }

    public InterviewFolder Interview(string id = "interview-1") => new(Root, id);

    public static DataKey Key(byte seed = 7) => new([.. Enumerable.Range(0, DataKey.SizeInBytes).Select(i => (byte)(seed + i))]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
