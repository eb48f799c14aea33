namespace MediaScore.Inference;

/// <content>
/// The watchdog. A run that does not end within <see cref="InferenceOptions.RunLimitSeconds"/> is given up: its requests fail, its worker is replaced, and the pool
/// says so until the run returns, if it ever does. Nothing can end a thread that is inside a kernel.
/// </content>
internal sealed partial class BatchScheduler
{
    // A limit is noticed half of it late at most: the first look past it may come a quarter late, and the second must agree.
    private const int LooksPerLimit = 4;

    private readonly List<WorkUnit> _watched = [];
    private readonly List<WorkUnit> _hung = [];
    private long _lookedAt;

    // Workers that have not been given up, also those asked for with WorkersMissing and not yet started.
    private int _liveWorkerCount;

    /// <summary>Called without a lock when a worker is given up.</summary>
    public Action<WorkUnit>? WorkerLost { get; set; }

    /// <summary>Called without a lock when so many workers are to be started in place of lost ones.</summary>
    public Action<int>? WorkersMissing { get; set; }

    /// <summary>Runs that were given up and have not returned, in words; empty when all is well.</summary>
    public IReadOnlyList<string> Faults()
    {
        lock (_gate)
        {
            var now = _clock.Now;
            return [.. _hung.Select(unit => $"A run of model '{unit.Name}' has not ended for {_clock.ToSeconds(now - unit.BeganAt):F0} s. Restart the server if it stays so.")];
        }
    }

    /// <summary>Every worker's unit, before its first batch.</summary>
    public void Watch(WorkUnit unit)
    {
        lock (_gate)
            _watched.Add(unit);
    }

    private void LookForHungRuns()
    {
        var lost = new List<WorkUnit>();
        List<WorkUnit> hung;
        int missingCount;
        lock (_gate)
        {
            var now = _clock.Now;
            var elapsed = now - _lookedAt;

            // The timer makes up for a late call by an early one, which sees nothing new.
            if (elapsed < _lookPeriod / 2)
                return;
            _lookedAt = now;

            // A look that comes late itself tells that the process stood still (docker pause, a machine that was moved), and its runs with it: two in time must
            // find the same run over its limit.
            var isInTime = elapsed <= 2 * _lookPeriod;
            var before = now - (_options.RunLimitSeconds * _clock.FromMilliseconds(1000));
            foreach (var unit in _watched)
            {
                var isOverLimit = isInTime && unit.IsRunning && unit.BeganAt < before;
                if (isOverLimit && unit.WasOverLimit && unit.TryAbandon())
                    lost.Add(unit);
                unit.WasOverLimit = isOverLimit;
            }

            foreach (var unit in lost)
                GiveUp(unit);
            missingCount = ClaimMissingWorkers();
            hung = [.. _hung];
        }

        foreach (var unit in lost)
            FailRequests(unit);

        // Before the lost ones are let go: the end of the pool waits for those that it knows.
        WorkersMissing?.Invoke(missingCount);
        foreach (var unit in lost)
            WorkerLost?.Invoke(unit);

        // Again and again: requests go on coming to a continuous batch that stands still.
        foreach (var unit in hung)
            unit.Continuous?.Batch.GiveUp(HungFailure(unit));
    }

    /// <summary>How many workers to start now. Never more threads than twice the workers: an input that hangs every run must not fill the process with them.</summary>
    private int ClaimMissingWorkers()
    {
        if (_closed)
            return 0;
        var count = Math.Min(_workerCount - _liveWorkerCount, (2 * _workerCount) - _liveWorkerCount - _hung.Count);
        _liveWorkerCount += count;
        return count;
    }

    private void GiveUp(WorkUnit unit)
    {
        _watched.Remove(unit);
        _hung.Add(unit);
        _liveWorkerCount--;
        if (unit.Class >= RequestClass.Sampled)
            _lowClassRunning--;
        if (unit.Continuous is { } continuous)
        {
            // It stays "running": no second thread may step it.
            continuous.IsHung = true;
            Monitor.PulseAll(_gate);
            return;
        }

        var queue = unit.Queue!;
        queue.RunningCount -= unit.RowCount;
        foreach (var row in unit.Rows)
        {
            ((PendingRow)row).IsAbandoned = true;
            End((PendingRow)row);
            queue.Counters.Failed++;
        }
    }

    private void FailRequests(WorkUnit unit)
    {
        LogHung(unit.Name, unit.RowCount, _options.RunLimitSeconds);
        Meter.Hung.Add(1, unit.Tag);
        foreach (var row in unit.Rows)
        {
            Meter.Failed.Add(1, unit.Tag);
            ((PendingRow)row).Fail(HungFailure(unit));
        }
    }

    private InferenceFailedException HungFailure(WorkUnit unit) => new(unit.Name, $"the run did not end within {_options.RunLimitSeconds} s and was given up.");

    /// <summary>A run that was given up has come back. Its thread ends, and makes room for a worker that could not be replaced before.</summary>
    private void ReturnLate(WorkUnit unit)
    {
        _hung.Remove(unit);
        LogReturned(unit.Name, _clock.ToSeconds(_clock.Now - unit.BeganAt));
        if (unit.Continuous is { } continuous)
        {
            (continuous.IsRunning, continuous.IsHung) = (false, false);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The thread of a run that was given up ends.</summary>
    public void Leave()
    {
        int missingCount;
        lock (_gate)
            missingCount = ClaimMissingWorkers();
        WorkersMissing?.Invoke(missingCount);
    }
}
