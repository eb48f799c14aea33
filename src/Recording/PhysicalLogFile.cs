using MediaScore.Keys;
using Microsoft.Win32.SafeHandles;

namespace MediaScore.Recording;

/// <summary>Log files of the operating system: mode 0600, offsets instead of a position, one writer at a time.</summary>
internal sealed class PhysicalLogFiles : ILogFiles
{
    public static PhysicalLogFiles Instance { get; } = new();

    public ILogFile OpenForWriting(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        DurableFile.CreateFolder(folder);
        // Readers may read a log while it grows, so its own lock has to be a shared one; the exclusive lock is a file beside it. It holds nothing.
        var lockPath = path + ".lock";
        var lockOptions = DurableFile.OwnerOnlyOptions(FileMode.OpenOrCreate);
        lockOptions.Share = FileShare.None;
        FileStream writerLock;
        try
        {
            writerLock = new FileStream(lockPath, lockOptions);
        }
        catch (IOException fault) when (File.Exists(lockPath))
        {
            throw new LogFencedException($"{path} is open for writing already, here or in another process ({fault.Message}).");
        }

        try
        {
            var isNew = !File.Exists(path);
            var options = DurableFile.OwnerOnlyOptions(FileMode.OpenOrCreate);
            options.BufferSize = 0;
            using var stream = new FileStream(path, options);
            var file = new PhysicalLogFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), writerLock);
            if (isNew)
                DurableFile.SyncFolder(folder);
            return file;
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>For reading only; null where there is no file.</summary>
    public static ILogFile? TryOpenForReading(string path) =>
        File.Exists(path) ? new PhysicalLogFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), writerLock: null) : null;
}

/// <summary>A file by its handle.</summary>
internal sealed class PhysicalLogFile(SafeFileHandle handle, FileStream? writerLock) : ILogFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> destination, long offset)
    {
        var total = 0;
        while (total < destination.Length && RandomAccess.Read(handle, destination[total..], offset + total) is > 0 and var count)
            total += count;
        return total;
    }

    public void Write(ReadOnlySpan<byte> source, long offset) => RandomAccess.Write(handle, source, offset);

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public void Dispose()
    {
        handle.Dispose();
        writerLock?.Dispose();
    }
}
