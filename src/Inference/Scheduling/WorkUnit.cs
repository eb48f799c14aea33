namespace MediaScore.Inference;

/// <summary>What a worker was given: a batch of rows of one model, or one step of a continuous batch. One a worker, used again and again.</summary>
internal sealed class WorkUnit
{
    private BatchRow[] _rows = [];
    private BatchRow[] _ended = [];
    private int _phase;

    private enum Phase
    {
        /// <summary>Nothing was given, or the answers are being taken out.</summary>
        Idle,

        /// <summary>In the model: only now can it be given up.</summary>
        Running,

        /// <summary>Answers are written into the callers' buffers: a matter of microseconds, and nobody may take the buffers away meanwhile.</summary>
        Writing,

        /// <summary>Given up by the watchdog: the callers have their buffers back, nothing may be written. The inputs may still be read; nobody sees what comes of it.</summary>
        Abandoned,
    }

    /// <summary>The model, or null when it is a continuous batch.</summary>
    public ModelQueue? Queue { get; set; }

    public ContinuousBatchRegistration? Continuous { get; set; }

    public RequestClass Class { get; set; }

    public int RowCount { get; set; }

    /// <summary>Timestamp of the pool's clock when its present run began.</summary>
    public long BeganAt { get; private set; }

    public string Name => Continuous?.Batch.Name ?? Queue!.Handle.Name;

    public KeyValuePair<string, object?> Tag => (Continuous?.Counters ?? Queue!.Counters).Tag;

    public Span<BatchRow> Rows => _rows.AsSpan(0, RowCount);

    /// <summary>Room for the rows that a run has ended, which are completed outside the lock.</summary>
    public Span<BatchRow> Ended => _ended;

    /// <summary>The watchdog's last look came in time and found this run over its limit.</summary>
    public bool WasOverLimit { get; set; }

    public bool IsRunning => Is(Phase.Running);

    public bool IsAbandoned => Is(Phase.Abandoned);

    /// <summary>Room for the rows of a batch.</summary>
    public Span<BatchRow> RoomFor(int rowCount)
    {
        if (_rows.Length < rowCount)
            (_rows, _ended) = (new BatchRow[rowCount], new BatchRow[rowCount]);
        return _rows;
    }

    /// <summary>Before each run; of a unit that was not given up.</summary>
    public void Begin(long now)
    {
        (BeganAt, WasOverLimit) = (now, false);
        if (!Change(Phase.Idle, Phase.Running))
            Change(Phase.Writing, Phase.Running);
    }

    /// <summary>After a run, before anything is written into the callers' buffers.</summary>
    /// <returns>False when the unit was given up: the buffers are no longer the pool's.</returns>
    public bool TryWrite() => Change(Phase.Running, Phase.Writing) || Is(Phase.Writing);

    /// <summary>After all runs of a unit that was not given up.</summary>
    public void End() => Volatile.Write(ref _phase, (int)Phase.Idle);

    /// <summary>Gives the run up, unless it is just ending.</summary>
    public bool TryAbandon() => Change(Phase.Running, Phase.Abandoned);

    public void Clear()
    {
        Array.Clear(_rows);
        Array.Clear(_ended);
        (Queue, Continuous, RowCount) = (null, null, 0);
    }

    private bool Is(Phase phase) => (Phase)Volatile.Read(ref _phase) == phase;

    private bool Change(Phase from, Phase to) => Interlocked.CompareExchange(ref _phase, (int)to, (int)from) == (int)from;
}
