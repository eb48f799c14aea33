using MediaScore.Recording;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// From the tap to the analysis, bounded in bytes. The tap never waits for it: when it is full the entry is left out, and the analysis finds the hole by its
/// ordinal and reads it from the recording. The queue that may grow is the disk.
/// </summary>
internal sealed class AnalysisQueue(long capacityBytes) : IDisposable
{
    // A packet costs this much beside its payload.
    private const int EntryOverheadBytes = 96;

    private readonly Queue<(long Ordinal, RecordedPacket Packet)> _entries = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
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
        Signal();
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

        Signal();
    }

    /// <summary>Nothing more will be appended.</summary>
    public void Complete()
    {
        lock (_entries)
            _completed = true;
        Signal();
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

    /// <summary>Waits until entry <paramref name="next"/> exists, or nothing more will come.</summary>
    /// <returns>
    /// <see cref="QueueState.Here"/> with the packet; <see cref="QueueState.OnDisk"/> when it was left out here; <see cref="QueueState.Ended"/> when every
    /// entry was taken and none will follow.
    /// </returns>
    public async ValueTask<(QueueState State, RecordedPacket Packet)> TakeAsync(long next, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_entries)
            {
                while (_entries.TryPeek(out var head) && head.Ordinal < next)
                    Dequeue();
                if (_entries.TryPeek(out var first) && first.Ordinal == next)
                {
                    Dequeue();
                    return (QueueState.Here, first.Packet);
                }

                if (next < _appendedCount)
                    return (QueueState.OnDisk, default);
                if (_completed)
                    return (QueueState.Ended, default);
            }

            await _changed.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _changed.Dispose();

    private void Dequeue() => _bytes -= _entries.Dequeue().Packet.Payload.Length + EntryOverheadBytes;

    private void Signal()
    {
        // One waiter, and the state is read again after each wake-up: one pending signal is enough.
        lock (_changed)
        {
            if (_changed.CurrentCount == 0)
                _changed.Release();
        }
    }
}

internal enum QueueState { Here, OnDisk, Ended }
