namespace MediaScore.MediaServer.Diagnosis;

/// <summary>Free space of the disk under a folder.</summary>
internal static class DiskSpace
{
    /// <returns>MiB that this process may still write there.</returns>
    // On Unix DriveInfo takes any path and asks the file system that holds it.
    public static long FreeMiB(string folder) => new DriveInfo(folder).AvailableFreeSpace / (1024 * 1024);
}
