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
                {
                    _scheduler.Leave();
                    break;
                }

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
        _scheduler.CompleteStep(_unit, steppedCount, continuous.Batch.DeferredCount, seconds, fault);
    }

    private void RunBatch(ModelQueue queue)
    {
        if (_scheduler.Meter.QueueTime.Enabled)
            RecordQueueTimes(queue);
        for (var ranCount = _unit.RowCount; ranCount > 0;)
        {
            var seconds = Run(queue, _unit.Rows[..ranCount]);
            Record(queue.Counters, ranCount, seconds);
            ranCount = Math.Min(1, _scheduler.Complete(_unit, ranCount, seconds));
        }
    }

    private double Run(ModelQueue queue, Span<BatchRow> rows)
    {
        var begun = ReadClock();
        try
        {
            queue.Model.Run(rows);
        }
        catch (Exception exception)
        {
            foreach (var row in rows)
                row.Failure = exception;
        }

        return SecondsSince(begun);
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
        if (rowCount > 0)
            _scheduler.Meter.BatchSize.Record(rowCount, counters.Tag);
        _scheduler.Meter.ComputeTime.Record(seconds, counters.Tag);
    }

    private long ReadClock() => ThreadCpuClock.IsSupported ? ThreadCpuClock.Now : _scheduler.Clock.Now;

    private double SecondsSince(long begun) =>
        ThreadCpuClock.IsSupported ? (ThreadCpuClock.Now - begun) * 1e-9 : _scheduler.Clock.ToSeconds(_scheduler.Clock.Now - begun);
}
