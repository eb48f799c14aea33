using MediaScore.Recording;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// From the tap to the analysis, bounded in bytes. The tap never waits for it: when it is full the entry is left out, and the analysis finds the hole by its
/// ordinal and reads it from the recording. The queue that may grow is the disk.
/// </summary>
internal sealed class AnalysisQueue(long capacityBytes)
{
    // A packet costs this much beside its payload.
    private const int EntryOverheadBytes = 96;

    private readonly Queue<(long Ordinal, RecordedPacket Packet)> _entries = new();
    private readonly ReusableSignal _changed = new();
    private long _bytes;
    private long _appendedCount;
    private bool _completed;

    /// <summary>Entries that went into the recording so far.</summary>
    public long AppendedCount
    {
        get
        {
            lock (_entries)
                return _appendedCount;
        }
    }

    public int Depth
    {
        get
        {
            lock (_entries)
                return _entries.Count;
        }
    }

    /// <summary>Tells the ordinal of the first entry that this process appends.</summary>
    public void StartAt(long appendedCount)
    {
        lock (_entries)
            _appendedCount = appendedCount;
        _changed.Set();
    }

    /// <summary>After the packet was appended to the recording. Its payload is kept until it is taken.</summary>
    public void Offer(in RecordedPacket packet)
    {
        lock (_entries)
        {
            var ordinal = _appendedCount++;
            var cost = packet.Payload.Length + EntryOverheadBytes;
            if (_bytes + cost <= capacityBytes)
            {
                _entries.Enqueue((ordinal, packet));
                _bytes += cost;
            }
        }

        _changed.Set();
    }

    /// <summary>Nothing more will be appended.</summary>
    public void Complete()
    {
        lock (_entries)
            _completed = true;
        _changed.Set();
    }

    /// <summary>Lets go of what is in memory; it is on disk.</summary>
    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Takes entry <paramref name="next"/>, if it exists.</summary>
    /// <param name="state">
    /// <see cref="QueueState.Here"/> with the packet; <see cref="QueueState.OnDisk"/> when it was left out here; <see cref="QueueState.Ended"/> when every
    /// entry was taken and none will follow.
    /// </param>
    /// <returns>False when there is nothing yet: <see cref="WaitAsync"/>.</returns>
    public bool TryTake(long next, out QueueState state, out RecordedPacket packet)
    {
        packet = default;
        lock (_entries)
        {
            while (_entries.TryPeek(out var head) && head.Ordinal < next)
                Dequeue();
            if (_entries.TryPeek(out var first) && first.Ordinal == next)
            {
                Dequeue();
                (state, packet) = (QueueState.Here, first.Packet);
                return true;
            }

            state = next < _appendedCount ? QueueState.OnDisk : QueueState.Ended;
            return next < _appendedCount || _completed;
        }
    }

    /// <summary>Waits for a change. One waiter.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => _changed.WaitAsync(cancellationToken);

    private void Dequeue() => _bytes -= _entries.Dequeue().Packet.Payload.Length + EntryOverheadBytes;
}

internal enum QueueState { Here, OnDisk, Ended }
