namespace MediaScore.Inference;

/// <content>What workers call: the choice of the next batch, and its end.</content>
internal sealed partial class BatchScheduler
{
    /// <summary>Waits for the next batch. The worker runs it and calls <see cref="Complete"/>.</summary>
    /// <returns>False when the pool has ended and nothing is left.</returns>
    public bool Take(WorkUnit unit)
    {
        lock (_gate)
        {
            while (true)
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
        }
    }

    /// <summary>Ends a batch: counts it, completes its requests, puts rows with further steps back.</summary>
    /// <param name="computeSeconds">CPU seconds of the run.</param>
    /// <param name="steppedCount">Members advanced by a continuous batch.</param>
    /// <param name="steppedDeferredCount">Those of them that could wait.</param>
    /// <param name="stepFault">What a continuous batch threw.</param>
    public void Complete(WorkUnit unit, double computeSeconds, int steppedCount = 0, int steppedDeferredCount = 0, Exception? stepFault = null)
    {
        var endedCount = 0;
        lock (_gate)
        {
            if (!unit.TryEnd())
            {
                ReturnLate(unit);
                return;
            }

            if (unit.Class >= RequestClass.Sampled)
                _lowClassRunning--;
            if (unit.Continuous is { } continuous)
            {
                (continuous.IsRunning, continuous.HasFaulted) = (false, stepFault is not null);
                Count(continuous.Counters, steppedCount, steppedDeferredCount, computeSeconds);
                if (stepFault is not null)
                    continuous.Counters.Failed++;
                if (_unregistering > 0)
                    Monitor.PulseAll(_gate);
            }
            else
            {
                unit.Queue!.RunningCount -= unit.RowCount;
                Count(unit.Queue.Counters, unit.RowCount, CountDeferred(unit.Rows), computeSeconds);
                endedCount = EndRows(unit);
            }
        }

        // Outside the lock, and only of rows that have ended: one that was put back may already run on another worker.
        foreach (var row in unit.Rows[..endedCount])
            CompleteTask((PendingRow)row);
    }

    private static void Count(ModelCounters counters, int rowCount, int deferredCount, double computeSeconds)
    {
        counters.Batches++;
        counters.Rows += rowCount;
        counters.BatchSizes.Add(rowCount);
        counters.ComputeSeconds += computeSeconds;
        if (deferredCount > 0)
            counters.DeferredComputeSeconds += computeSeconds * deferredCount / rowCount;
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

    private static int CountDeferred(Span<BatchRow> rows)
    {
        var count = 0;
        foreach (var row in rows)
            count += ((PendingRow)row).Class == RequestClass.Deferred ? 1 : 0;
        return count;
    }

    /// <summary>Gathers the rows that have ended at the front of the unit.</summary>
    private int EndRows(WorkUnit unit)
    {
        var now = _clock.Now;
        var endedCount = 0;
        for (var i = 0; i < unit.RowCount; i++)
        {
            var row = (PendingRow)unit.Rows[i];
            if (row.Failure is null && row.Slot is { } slot)
                slot.StepCount++;
            if (row.Failure is null && row.NextStep() && !row.CancelRequested)
            {
                Enqueue(row, now);
                continue;
            }

            End(row);
            if (row.Failure is not null)
                unit.Queue!.Counters.Failed++;
            unit.Rows[endedCount++] = row;
        }

        return endedCount;
    }

    private void CompleteTask(PendingRow row)
    {
        if (row.Failure is { } failure)
        {
            Meter.Failed.Add(1, row.Queue.Counters.Tag);
            row.Fail(failure);
        }
        else if (row.StepsDone < row.StepCount)
        {
            row.Fail(new OperationCanceledException(row.CancellationToken));
        }
        else
        {
            row.Complete(RunOutcome.Completed);
        }
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
        (unit.Class, unit.Queue, unit.Continuous, unit.BeganAt) = (candidate.Class, candidate.Queue, candidate.Continuous, now);
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
            continuous.IsRunning = true;
            unit.TryRun();
            return;
        }

        var queue = candidate.Queue!;
        unit.RowCount = queue.Take(candidate.Leader!, now, unit.RoomFor(queue.Handle.MaxBatch));
        foreach (var row in unit.Rows)
        {
            ((PendingRow)row).Unit = unit;
            CountWait(queue.Counters, (PendingRow)row, now);
        }

        unit.TryRun();
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
