namespace MediaScore.Inference;

/// <summary>One worker thread: takes the next batch, runs it, says so, until the pool has ended.</summary>
internal sealed class PoolWorker
{
    private readonly BatchScheduler _scheduler;
    private readonly WorkUnit _unit = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeyValuePair<string, object?>[] _classTags =
        [.. Enum.GetNames<RequestClass>().Select(name => new KeyValuePair<string, object?>("class", name.ToLowerInvariant()))];

    public PoolWorker(BatchScheduler scheduler, int number)
    {
        _scheduler = scheduler;
        scheduler.Watch(_unit);
        new Thread(Loop) { Name = $"inference-{number}", IsBackground = true }.Start();
    }

    /// <summary>Completes when the thread has ended or was given up; faults with what it threw.</summary>
    public Task Ended => _ended.Task;

    public bool Owns(WorkUnit unit) => _unit == unit;

    /// <summary>Nobody waits for this thread any longer.</summary>
    public void GiveUp() => _ended.TrySetResult();

    private void Loop()
    {
        try
        {
            while (_scheduler.Take(_unit))
            {
                if (_unit.Continuous is { } continuous)
                    Step(continuous);
                else
                    RunBatch(_unit.Queue!);
                if (_unit.IsAbandoned)
                    break;
                _unit.Clear();
            }

            _ended.TrySetResult();
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
            throw;
        }
    }

    private void Step(ContinuousBatchRegistration continuous)
    {
        var steppedCount = 0;
        Exception? fault = null;
        var begun = ReadClock();
        try
        {
            steppedCount = continuous.Batch.Step();
        }
        catch (Exception exception)
        {
            // Caught at the boundary of foreign code: one batch that fails must not end the worker of all.
            fault = exception;
            _scheduler.LogStepFailed(exception, continuous.Batch.Name);
        }

        var seconds = SecondsSince(begun);
        Record(continuous.Counters, steppedCount, seconds);
        _scheduler.Complete(_unit, seconds, steppedCount, continuous.Batch.DeferredCount, fault);
    }

    private void RunBatch(ModelQueue queue)
    {
        if (_scheduler.Meter.QueueTime.Enabled)
            RecordQueueTimes(queue);
        var begun = ReadClock();
        var rows = _unit.Rows;
        try
        {
            queue.Model.Run(rows);
        }
        catch (Exception exception)
        {
            foreach (var row in rows)
                row.Failure = exception;
        }

        if (rows.Length > 1)
            RunFailedAlone(queue, rows);
        var seconds = SecondsSince(begun);
        Record(queue.Counters, rows.Length, seconds);
        _scheduler.Complete(_unit, seconds);
    }

    /// <summary>One bad row must not fail its neighbours: whatever failed in company is run again alone, and what fails then has failed by itself.</summary>
    private void RunFailedAlone(ModelQueue queue, Span<BatchRow> rows)
    {
        var failedCount = 0;
        foreach (var row in rows)
            failedCount += row.Failure is null ? 0 : 1;
        if (failedCount == 0)
            return;

        _scheduler.LogRunAgainAlone(queue.Handle.Name, rows.Length, failedCount);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Failure is null)
                continue;
            if (!_unit.TryRun())
                return;
            rows[i].Failure = null;
            try
            {
                queue.Model.Run(rows.Slice(i, 1));
            }
            catch (Exception exception)
            {
                rows[i].Failure = exception;
            }
        }
    }

    private void RecordQueueTimes(ModelQueue queue)
    {
        var now = _scheduler.Clock.Now;
        foreach (var row in _unit.Rows)
        {
            var pending = (PendingRow)row;
            _scheduler.Meter.QueueTime.Record(_scheduler.Clock.ToSeconds(now - pending.EnqueuedAt), queue.Counters.Tag, _classTags[(int)pending.Class]);
        }
    }

    private void Record(ModelCounters counters, int rowCount, double seconds)
    {
        _scheduler.Meter.BatchSize.Record(rowCount, counters.Tag);
        _scheduler.Meter.ComputeTime.Record(seconds, counters.Tag);
    }

    private long ReadClock() => ThreadCpuClock.IsSupported ? ThreadCpuClock.Now : _scheduler.Clock.Now;

    private double SecondsSince(long begun) =>
        ThreadCpuClock.IsSupported ? (ThreadCpuClock.Now - begun) * 1e-9 : _scheduler.Clock.ToSeconds(_scheduler.Clock.Now - begun);
}
