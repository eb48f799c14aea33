namespace MediaScore.MediaServer.Diagnosis;

/// <summary>How long the disk takes to promise that 4 KiB will survive a power cut: every acknowledgement waits for it.</summary>
internal static class FsyncTimer
{
    // Enough for a median that one slow flush cannot move; a bad disk (50 ms) is done in a second.
    private const int Rounds = 21;

    /// <returns>Median and longest of the flushes.</returns>
    public static (TimeSpan Median, TimeSpan Longest) Measure(string folder, TimeProvider time, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, $".fsync-{Guid.NewGuid():n}");
        var block = new byte[4096];
        var times = new List<TimeSpan>(Rounds);
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, options: FileOptions.DeleteOnClose);
            for (var i = 0; i < Rounds; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                RandomAccess.Write(file, block, (long)i * block.Length);
                var start = time.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                times.Add(time.GetElapsedTime(start));
            }
        }
        finally
        {
            File.Delete(path);
        }

        times.Sort();
        return (times[Rounds / 2], times[^1]);
    }
}
