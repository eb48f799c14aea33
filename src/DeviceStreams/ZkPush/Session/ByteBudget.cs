namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>Bytes that may be held in memory at once for one purpose, for all terminals together. Thread-safe.</summary>
internal sealed class ByteBudget(long maxBytes)
{
    private long _used;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= maxBytes)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
