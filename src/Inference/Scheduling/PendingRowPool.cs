namespace MediaScore.Inference;

/// <summary>Rows that nobody uses now. Bounded by the most requests that were ever under way at once, and by <see cref="MaxIdle"/>.</summary>
internal sealed class PendingRowPool
{
    // A row weighs about 300 B; beyond a few thousand idle ones the collector may have them.
    private const int MaxIdle = 4096;

    private readonly Lock _gate = new();
    private readonly Stack<PendingRow> _idle = new();

    /// <summary>Where callers go on when they have their answers.</summary>
    public ContinuationTurns Turns { get; } = new();

    public PendingRow Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var row))
                return row;
        }

        return new PendingRow(this);
    }

    public void Return(PendingRow row)
    {
        lock (_gate)
        {
            if (_idle.Count < MaxIdle)
                _idle.Push(row);
        }
    }
}
