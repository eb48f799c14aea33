namespace MediaScore.Inference.Catalog;

/// <summary>
/// One preparation at a time in a folder, and a work folder beside the result: on the same disk, so that finished models are moved by a rename.
/// Leftovers of a killed run are removed by the next holder.
/// </summary>
internal sealed class PreparationLock : IDisposable
{
    private readonly FileStream _lock;

    private PreparationLock(FileStream taken, string workFolder)
    {
        _lock = taken;
        WorkFolder = workFolder;
    }

    public string WorkFolder { get; }

    /// <exception cref="IOException">Another process holds it.</exception>
    public static PreparationLock Take(string preparedFolder)
    {
        var path = Path.Combine(preparedFolder, ".lock");
        FileStream taken;
        try
        {
            taken = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"Another preparation works on {preparedFolder} (it holds {path}). Wait for its end and try again.", exception);
        }

        var workFolder = Path.Combine(preparedFolder, ".work");
        if (Directory.Exists(workFolder))
            Directory.Delete(workFolder, recursive: true);
        Directory.CreateDirectory(workFolder);
        return new PreparationLock(taken, workFolder);
    }

    /// <summary>Puts a finished folder in the place of an older one. Two renames: a crash between them leaves the model missing, never mixed.</summary>
    public static void Replace(string finished, string place, string workFolder)
    {
        if (Directory.Exists(place))
            Directory.Move(place, Path.Combine(workFolder, $"old-{Path.GetFileName(place)}"));
        Directory.Move(finished, place);
    }

    /// <summary>Moves a file into a folder that may be on another disk: copied beside its place first, so that its name never stands for half a file.</summary>
    public static void MoveInto(string file, string place)
    {
        var beside = place + ".part";
        File.Move(file, beside, overwrite: true);
        File.Move(beside, place, overwrite: true);
    }

    public void Dispose()
    {
        Directory.Delete(WorkFolder, recursive: true);
        _lock.Dispose();
    }
}
