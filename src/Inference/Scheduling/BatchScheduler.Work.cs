namespace MediaScore.Inference;

/// <content>What workers call before a run: the choice of the next batch.</content>
internal sealed partial class BatchScheduler
{
    /// <summary>Waits for the next batch. The worker runs it and calls <see cref="Complete"/>.</summary>
    /// <returns>False when the pool has ended and nothing is left.</returns>
    public bool Take(WorkUnit unit)
    {
        lock (_gate)
        {
            while (!_closed)
            {
                var now = _clock.Now;
                DropLate(now);
                var best = FindBest(now);
                if (best.Exists)
                {
                    Take(best, now, unit);
                    if (_idleWorkers > 0 && FindBest(now).Exists)
                        Wake();
                    return true;
                }

                if (_stopping)
                    return false;
                ArmTimer(NextDue(now), now);
                _idleWorkers++;
                Monitor.Wait(_gate);
                _idleWorkers--;
            }

            return false;
        }
    }

    private void CountWait(ModelCounters counters, PendingRow row, long now)
    {
        var seconds = _clock.ToSeconds(now - row.EnqueuedAt);
        counters.QueueSeconds += seconds;
        counters.QueueTimes.Add(seconds);
        if (row.Class != RequestClass.Live)
            return;
        counters.LiveRows++;
        counters.LiveQueueSeconds += seconds;
    }

    private void DropLate(long now)
    {
        foreach (var queue in _queues)
        {
            while (queue.RemoveLate(now) is { } row)
            {
                End(row, dropped: true);
                Meter.Dropped.Add(1, queue.Counters.Tag);
                row.Complete(RunOutcome.DroppedLate);
            }
        }
    }

    private Candidate FindBest(long now)
    {
        var holdsBack = HoldsBackLowClasses(now);
        Candidate best = default;
        var deferredWaits = false;
        foreach (var queue in _queues)
        {
            deferredWaits |= queue.HasDeferred;
            if (queue.FindLeader(now, _stopping) is { } leader && !(holdsBack && leader.Class >= RequestClass.Sampled))
                best = best.OrMoreUrgent(new Candidate(leader.Class, leader.Deadline, queue, leader, null));
        }

        foreach (var continuous in _continuous)
        {
            if (continuous.IsRunning || continuous.HasFaulted || !continuous.Batch.HasWork)
                continue;
            var requestClass = continuous.Batch.MostUrgentClass;
            deferredWaits |= requestClass == RequestClass.Deferred;
            if (!(holdsBack && requestClass >= RequestClass.Sampled))
                best = best.OrMoreUrgent(new Candidate(requestClass, continuous.Batch.EarliestDeadline, null, null, continuous));
        }

        if (holdsBack || !deferredWaits || !best.Exists || best.Class == RequestClass.Deferred)
            return best;
        return _deferredPassedOver + 1 < _options.DeferredShare ? best with { PassesOverDeferred = true } : FindDeferred(now);
    }

    private Candidate FindDeferred(long now)
    {
        Candidate best = default;
        foreach (var queue in _queues)
        {
            if (queue.FindLeader(now, waitForNobody: true, deferredOnly: true) is { } leader)
                best = best.OrMoreUrgent(new Candidate(leader.Class, leader.Deadline, queue, leader, null));
        }

        foreach (var continuous in _continuous)
        {
            if (!continuous.IsRunning && !continuous.HasFaulted && continuous.Batch.HasWork && continuous.Batch.MostUrgentClass == RequestClass.Deferred)
                best = best.OrMoreUrgent(new Candidate(RequestClass.Deferred, continuous.Batch.EarliestDeadline, null, null, continuous));
        }

        return best;
    }

    private void Take(in Candidate candidate, long now, WorkUnit unit)
    {
        (unit.Class, unit.Queue, unit.Continuous) = (candidate.Class, candidate.Queue, candidate.Continuous);
        if (candidate.PassesOverDeferred)
            _deferredPassedOver++;
        else if (candidate.Class == RequestClass.Deferred)
            _deferredPassedOver = 0;
        if (candidate.Class >= RequestClass.Sampled)
            _lowClassRunning++;
        else
            _lastUrgent = now;

        if (candidate.Continuous is { } continuous)
        {
            (continuous.IsRunning, continuous.IsSignalled) = (true, false);
            unit.Begin(now);
            return;
        }

        var queue = candidate.Queue!;
        unit.RowCount = queue.Take(candidate.Leader!, now, unit.RoomFor(queue.Handle.MaxBatch));
        foreach (var row in unit.Rows)
        {
            ((PendingRow)row).Unit = unit;
            CountWait(queue.Counters, (PendingRow)row, now);
        }

        unit.Begin(now);
    }

    /// <summary>True when this worker is the last that does not run work of low classes, and urgent requests come.</summary>
    private bool HoldsBackLowClasses(long now) =>
        _workerCount > 1
        && !_stopping
        && _lowClassRunning >= _workerCount - 1
        && now - _lastUrgent < _clock.FromMilliseconds(UrgentMemoryMs);

    private long NextDue(long now)
    {
        // A worker held back looks again when urgent requests have ceased.
        var next = HoldsBackLowClasses(now) ? _lastUrgent + _clock.FromMilliseconds(UrgentMemoryMs) : long.MaxValue;
        foreach (var queue in _queues)
        {
            // A row whose time has come but that is held back is the business of the line above.
            var runBy = queue.NextRunBy();
            if (runBy > now)
                next = Math.Min(next, runBy);
        }

        return next;
    }

    /// <summary>One thing that could run now.</summary>
    private readonly record struct Candidate(
        RequestClass Class, long Deadline, ModelQueue? Queue, PendingRow? Leader, ContinuousBatchRegistration? Continuous, bool PassesOverDeferred = false)
    {
        public bool Exists => Queue is not null || Continuous is not null;

        public Candidate OrMoreUrgent(in Candidate other) =>
            !Exists || other.Class < Class || (other.Class == Class && other.Deadline < Deadline) ? other : this;
    }
}
