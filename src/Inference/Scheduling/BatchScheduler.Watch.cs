namespace MediaScore.Inference;

/// <content>
/// The watchdog. A run that does not end within <see cref="InferenceOptions.RunLimitSeconds"/> is given up: its requests fail, its worker is replaced, and the pool
/// says so until the run returns, if it ever does. Nothing can end a thread that is inside a kernel.
/// </content>
internal sealed partial class BatchScheduler
{
    // A limit is noticed a quarter late at most.
    private const int LooksPerLimit = 4;

    private readonly List<WorkUnit> _watched = [];
    private readonly List<WorkUnit> _hung = [];

    /// <summary>Called without a lock when a worker is given up; the second argument says whether it may be replaced.</summary>
    public Action<WorkUnit, bool>? WorkerLost { get; set; }

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
        lock (_gate)
        {
            var before = _clock.Now - (_options.RunLimitSeconds * _clock.FromMilliseconds(1000));
            foreach (var unit in _watched)
            {
                if (unit.IsRunning && unit.BeganAt < before && unit.TryAbandon())
                    lost.Add(unit);
            }

            foreach (var unit in lost)
                GiveUp(unit);
            hung = [.. _hung];
        }

        foreach (var unit in lost)
            FailRequests(unit);

        // Again and again: requests go on coming to a continuous batch that stands still.
        foreach (var unit in hung)
            unit.Continuous?.Batch.GiveUp(HungFailure(unit));
    }

    private void GiveUp(WorkUnit unit)
    {
        _watched.Remove(unit);
        _hung.Add(unit);
        if (unit.Class >= RequestClass.Sampled)
            _lowClassRunning--;
        if (unit.Continuous is { } continuous)
        {
            // It stays "running": no second thread may step it.
            continuous.IsHung = true;
            continuous.Counters.Failed++;
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

        // Never more threads than twice the workers: an input that hangs every run must not fill the process with them.
        WorkerLost?.Invoke(unit, _hung.Count <= _workerCount);
    }

    private InferenceFailedException HungFailure(WorkUnit unit) => new(unit.Name, $"the run did not end within {_options.RunLimitSeconds} s and was given up.");

    /// <summary>A run that was given up has come back. Its worker has been replaced and ends.</summary>
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
}
