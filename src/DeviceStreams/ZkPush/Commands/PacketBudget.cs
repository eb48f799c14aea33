namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Bytes of answers in parts that wait in memory, of all terminals together. Thread-safe.</summary>
internal sealed class PacketBudget(long maxBytes)
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
