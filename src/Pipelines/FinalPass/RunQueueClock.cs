using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace MediaScore.Pipelines.FinalPass;

/// <summary>How long one thread has wanted a core and others had it, as the scheduler of Linux counts it: neither disk nor locks nor a collection are in it. Thread-safe.</summary>
internal sealed class RunQueueClock : IDisposable
{
    // proc(5): nanoseconds on a core, nanoseconds in the queue for one, turns. It stays the opening thread's whoever reads it.
    private const string Path = "/proc/thread-self/schedstat";

    private readonly SafeFileHandle _file;
    private long _nanoseconds;

    private RunQueueClock(SafeFileHandle file) => _file = file;

    /// <summary>Opens that of the calling thread.</summary>
    /// <returns>Null where the system does not count it.</returns>
    public static RunQueueClock? TryOpen()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(Path);
            Span<byte> text = stackalloc byte[96];
            if (TryParse(text[..RandomAccess.Read(file, text, 0)], out _))
                return new RunQueueClock(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox without it.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Since the thread began; once it has ended, up to the last time that this was asked.</summary>
    public TimeSpan Waited
    {
        get
        {
            Span<byte> text = stackalloc byte[96];
            try
            {
                if (TryParse(text[..RandomAccess.Read(_file, text, 0)], out var nanoseconds))
                    Volatile.Write(ref _nanoseconds, nanoseconds);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // It has ended.
            }

            return TimeSpan.FromMicroseconds(Volatile.Read(ref _nanoseconds) / 1000);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <returns>False where nothing is counted: a thread that reads has had a turn.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out long waitedNanoseconds)
    {
        waitedNanoseconds = 0;
        return Utf8Parser.TryParse(text, out long _, out var ran) && ran < text.Length
            && Utf8Parser.TryParse(text[(ran + 1)..], out waitedNanoseconds, out var waited) && ran + 1 + waited < text.Length
            && Utf8Parser.TryParse(text[(ran + waited + 2)..], out long turns, out _) && turns > 0;
    }
}
