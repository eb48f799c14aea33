namespace MediaScore.Inference;

/// <content>What workers call after a run.</content>
internal sealed partial class BatchScheduler
{
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
            if (row.Failure is null && row.NextStep() && !row.CancellationToken.IsCancellationRequested)
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
}
