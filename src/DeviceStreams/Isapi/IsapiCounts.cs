namespace MediaScore.DeviceStreams.Isapi;

/// <summary>What one device has brought since the server started, for those who look for a fault. Thread-safe.</summary>
public sealed class IsapiCounts
{
    private long _stored;
    private long _duplicates;
    private long _replayed;
    private long _older;
    private long _heartbeats;
    private long _pictures;
    private long _cutParts;
    private long _unreadable;
    private long _unknownCodes;
    private long _decided;
    private long _late;
    private long _connections;

    /// <summary>Events that were new.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Events that were there already.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Events of the log that a stream began with.</summary>
    public long Replayed => Interlocked.Read(ref _replayed);

    /// <summary>Of those, from before <see cref="IsapiOptions.BackFillDays"/>: not stored.</summary>
    public long Older => Interlocked.Read(ref _older);

    public long Heartbeats => Interlocked.Read(ref _heartbeats);

    /// <summary>Pictures that came with their event.</summary>
    public long Pictures => Interlocked.Read(ref _pictures);

    /// <summary>Parts whose end was lost; back-fill brings their events.</summary>
    public long CutParts => Interlocked.Read(ref _cutParts);

    /// <summary>Bodies that no event could be read from.</summary>
    public long Unreadable => Interlocked.Read(ref _unreadable);

    /// <summary>Events with numbers that nobody has explained; they are stored.</summary>
    public long UnknownCodes => Interlocked.Read(ref _unknownCodes);

    /// <summary>Questions that were answered in time.</summary>
    public long Decided => Interlocked.Read(ref _decided);

    /// <summary>Questions that were not: no door was opened.</summary>
    public long Late => Interlocked.Read(ref _late);

    public long Connections => Interlocked.Read(ref _connections);

    internal void CountStored(long stored, long duplicates)
    {
        Interlocked.Add(ref _stored, stored);
        Interlocked.Add(ref _duplicates, duplicates);
    }

    internal void CountReplayed() => Interlocked.Increment(ref _replayed);

    internal void CountOlder() => Interlocked.Increment(ref _older);

    internal void CountHeartbeat() => Interlocked.Increment(ref _heartbeats);

    internal void CountPicture() => Interlocked.Increment(ref _pictures);

    internal void CountCutPart() => Interlocked.Increment(ref _cutParts);

    internal void CountUnreadable(long count = 1) => Interlocked.Add(ref _unreadable, count);

    internal void CountUnknownCode(long count = 1) => Interlocked.Add(ref _unknownCodes, count);

    internal void CountDecided() => Interlocked.Increment(ref _decided);

    internal void CountLate() => Interlocked.Increment(ref _late);

    internal void CountConnection() => Interlocked.Increment(ref _connections);
}
