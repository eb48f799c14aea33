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

    /// <summary>
    /// Ends a run of the first <paramref name="ranCount"/> rows of a batch: counts it, completes their requests, puts rows with further steps back. What failed in
    /// company stays, to be run again alone: one bad row must not fail its neighbours, and what fails alone has failed by itself. Those that came out well are
    /// completed before that, whatever becomes of the others.
    /// </summary>
    /// <param name="computeSeconds">CPU seconds of the run.</param>
    /// <returns>Rows left, of which the first runs next.</returns>
    public int Complete(WorkUnit unit, int ranCount, double computeSeconds)
    {
        var endedCount = 0;
        lock (_gate)
        {
            Count(unit.Queue!.Counters, ranCount, CountDeferred(unit.Rows[..ranCount]), computeSeconds);
            if (unit.IsAbandoned)
            {
                ReturnLate(unit);
                return 0;
            }

            endedCount = EndRows(unit, ranCount);
            if (unit.RowCount == 0)
                EndUnit(unit);
            else
                unit.Begin(_clock.Now);
        }

        if (ranCount > 1 && unit.RowCount > 0)
            LogRunAgainAlone(unit.Name, ranCount, unit.RowCount);

        // Outside the lock, and only of rows that have ended: one that was put back may already run on another worker.
        foreach (var row in unit.Ended[..endedCount])
            CompleteTask((PendingRow)row);
        return unit.RowCount;
    }

    /// <summary>Ends a step of a continuous batch.</summary>
    /// <param name="steppedCount">Members advanced; 0 when it threw.</param>
    /// <param name="deferredCount">Those of them that could wait.</param>
    /// <param name="fault">What it threw.</param>
    public void CompleteStep(WorkUnit unit, int steppedCount, int deferredCount, double computeSeconds, Exception? fault)
    {
        lock (_gate)
        {
            var continuous = unit.Continuous!;
            Count(continuous.Counters, steppedCount, deferredCount, computeSeconds);
            if (unit.IsAbandoned)
            {
                ReturnLate(unit);
                return;
            }

            // Who signalled during the step may have come after it looked: he is not left alone.
            (continuous.IsRunning, continuous.HasFaulted) = (false, fault is not null && !continuous.IsSignalled);
            EndUnit(unit);
            if (_unregistering > 0)
                Monitor.PulseAll(_gate);
        }
    }

    private void EndUnit(WorkUnit unit)
    {
        unit.End();
        if (unit.Class >= RequestClass.Sampled)
            _lowClassRunning--;
    }

    private static void Count(ModelCounters counters, int rowCount, int deferredCount, double computeSeconds)
    {
        counters.ComputeSeconds += computeSeconds;

        // A step that threw, or that found nobody left to advance, is nobody's.
        if (rowCount == 0)
            return;
        counters.Batches++;
        counters.Rows += rowCount;
        counters.BatchSizes.Add(rowCount);
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

    /// <summary>Gathers the rows that have ended in <see cref="WorkUnit.Ended"/>; those to be run (again) alone move to the front of the unit.</summary>
    private int EndRows(WorkUnit unit, int ranCount)
    {
        var (now, endedCount, leftCount) = (_clock.Now, 0, 0);
        var rows = unit.Rows;
        for (var i = 0; i < rows.Length; i++)
            leftCount += IsLeft(rows, i, ranCount) ? 1 : 0;
        unit.Queue!.RunningCount -= rows.Length - leftCount;

        leftCount = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = (PendingRow)rows[i];
            if (IsLeft(rows, i, ranCount))
            {
                row.Failure = null;
                rows[leftCount++] = row;
                continue;
            }

            if (row.Failure is null && row.Slot is { } slot)
                slot.StepCount++;
            if (row.Failure is null && row.NextStep() && !row.CancelRequested)
            {
                if (Enqueue(row, now) is not { } refused)
                    continue;
                End(refused, dropped: true);
                refused.IsRefused = true;
                unit.Ended[endedCount++] = refused;
                continue;
            }

            End(row);
            if (row.Failure is not null)
                unit.Queue.Counters.Failed++;
            unit.Ended[endedCount++] = row;
        }

        unit.RowCount = leftCount;
        return endedCount;
    }

    private static bool IsLeft(ReadOnlySpan<BatchRow> rows, int index, int ranCount) => index >= ranCount || (ranCount > 1 && rows[index].Failure is not null);

    private void CompleteTask(PendingRow row)
    {
        if (row.Failure is { } failure)
        {
            Meter.Failed.Add(1, row.Queue.Counters.Tag);
            row.Fail(failure);
        }
        else if (row.IsRefused)
        {
            Meter.Dropped.Add(1, row.Queue.Counters.Tag);
            row.Complete(RunOutcome.RefusedQueueFull);
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
