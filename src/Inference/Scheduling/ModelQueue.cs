namespace MediaScore.Inference;

/// <summary>
/// What waits for one model, most urgent first. Not thread-safe: the scheduler's lock covers it. At most <c>capacity</c> rows wait in the queue proper; beyond
/// it a <see cref="RequestClass.Sampled"/> row is refused, and any other waits for a place, or takes the place of the least urgent.
/// </summary>
internal sealed class ModelQueue(BatchScheduler scheduler, ModelHandle handle, IBatchModel model, int capacity)
{
    // Callers that wait for a place. Bounded by the number of callers: each waits for its own answer, and the row is only a reference to its buffers.
    private readonly List<PendingRow> _waiting = [];
    private readonly List<PendingRow> _queued = [];
    private readonly ExpectedCallers _expected = new();

    public BatchScheduler Scheduler { get; } = scheduler;

    public ModelHandle Handle { get; } = handle;

    public IBatchModel Model { get; } = model;

    public ModelCounters Counters { get; } = new(handle.Name);

    public HashSet<StateSlot> Slots { get; } = [];

    public long SlotsSweptAt { get; set; }

    /// <summary>Rows taken by workers that have not ended.</summary>
    public int RunningCount { get; set; }

    /// <summary>Rows that wait, in the queue and for a place in it.</summary>
    public int Depth => _queued.Count + _waiting.Count;

    public bool HasDeferred => _queued.Count > 0 && _queued[^1].Class == RequestClass.Deferred;

    private int UnderWay => Depth + RunningCount;

    /// <summary>Puts a row in.</summary>
    /// <returns>The row that was turned away for it, or null: the row itself if it is <c>Sampled</c> and the queue full, or a <c>Sampled</c> row that a more urgent one displaced.</returns>
    public PendingRow? Enqueue(PendingRow row)
    {
        PendingRow? refused = null;
        if (_queued.Count < capacity)
        {
            Insert(_queued, row, PendingRow.Place.Queued);
        }
        else if (row.Class == RequestClass.Sampled)
        {
            refused = row;
        }
        else if (row.CompareUrgency(_queued[^1]) < 0)
        {
            var displaced = _queued[^1];
            _queued.RemoveAt(_queued.Count - 1);
            if (displaced.Class == RequestClass.Sampled)
                refused = displaced;
            else
                Insert(_waiting, displaced, PendingRow.Place.WaitingForPlace);
            Insert(_queued, row, PendingRow.Place.Queued);
        }
        else
        {
            Insert(_waiting, row, PendingRow.Place.WaitingForPlace);
        }

        _expected.Saw(UnderWay);
        return refused;
    }

    public void Remove(PendingRow row)
    {
        (row.Where == PendingRow.Place.Queued ? _queued : _waiting).Remove(row);
        row.Where = PendingRow.Place.Outside;
        Promote();
    }

    /// <summary>Takes out one row, whatever it is; null when none is left.</summary>
    public PendingRow? RemoveFirst()
    {
        if (_queued.Count == 0)
            return null;
        var row = _queued[0];
        Remove(row);
        return row;
    }

    /// <summary>Takes out one <c>Sampled</c> row whose deadline has passed; null when there is none.</summary>
    public PendingRow? RemoveLate(long now)
    {
        foreach (var row in _queued)
        {
            if (row.Class == RequestClass.Sampled && row.Deadline < now)
            {
                Remove(row);
                return row;
            }
        }

        return null;
    }

    /// <summary>
    /// The row around which a batch may be formed now: the most urgent one if its batch would be full, if all expected callers are here or if nothing may wait;
    /// else the most urgent one that has waited its time; else null.
    /// </summary>
    /// <param name="deferredOnly">Look at <c>Deferred</c> rows alone.</param>
    public PendingRow? FindLeader(long now, bool waitForNobody, bool deferredOnly = false)
    {
        var start = 0;
        if (deferredOnly)
        {
            while (start < _queued.Count && _queued[start].Class != RequestClass.Deferred)
                start++;
        }

        if (start == _queued.Count)
            return null;
        var first = _queued[start];
        if (waitForNobody || Handle.MaxBatch == 1 || UnderWay >= _expected.Count || CountShapeOf(first) >= Handle.MaxBatch)
            return first;
        for (var i = start; i < _queued.Count; i++)
        {
            if (_queued[i].RunBy <= now)
                return _queued[i];
        }

        return null;
    }

    /// <summary>When the first queued row stops waiting, or <see cref="long.MaxValue"/>.</summary>
    public long NextRunBy()
    {
        var next = long.MaxValue;
        foreach (var row in _queued)
            next = Math.Min(next, row.RunBy);
        return next;
    }

    /// <summary>When the row that waits longest came; null where none waits.</summary>
    public long? OldestEnqueuedAt(RequestClass? only = null)
    {
        long? oldest = null;
        foreach (var rows in (ReadOnlySpan<List<PendingRow>>)[_queued, _waiting])
        {
            foreach (var row in rows)
            {
                if (only is null || row.Class == only)
                    oldest = oldest < row.EnqueuedAt ? oldest : row.EnqueuedAt;
            }
        }

        return oldest;
    }

    /// <summary>Takes the leader and the most urgent rows of its shape.</summary>
    /// <returns>Rows written to <paramref name="batch"/>, which holds <see cref="ModelHandle.MaxBatch"/>.</returns>
    public int Take(PendingRow leader, long now, Span<BatchRow> batch)
    {
        if (leader.RunBy <= now && UnderWay < _expected.Count)
            _expected.WaitedInVain(UnderWay);

        batch[0] = leader;
        var count = 1;
        var kept = 0;
        for (var i = 0; i < _queued.Count; i++)
        {
            var row = _queued[i];
            if (row == leader)
                continue;
            if (count < Handle.MaxBatch && row.HasShapeOf(leader))
                batch[count++] = row;
            else
                _queued[kept++] = row;
        }

        _queued.RemoveRange(kept, _queued.Count - kept);
        for (var i = 0; i < count; i++)
            ((PendingRow)batch[i]).Where = PendingRow.Place.Running;
        RunningCount += count;
        Promote();
        return count;
    }

    private static void Insert(List<PendingRow> rows, PendingRow row, PendingRow.Place place)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].CompareUrgency(row) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        rows.Insert(low, row);
        row.Where = place;
    }

    private void Promote()
    {
        while (_waiting.Count > 0 && _queued.Count < capacity)
        {
            var row = _waiting[0];
            _waiting.RemoveAt(0);
            Insert(_queued, row, PendingRow.Place.Queued);
        }
    }

    private int CountShapeOf(PendingRow first)
    {
        var count = 0;
        foreach (var row in _queued)
        {
            if (row.HasShapeOf(first) && ++count >= Handle.MaxBatch)
                break;
        }

        return count;
    }
}
