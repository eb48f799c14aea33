namespace MediaScore.Inference;

/// <summary>What a worker was given: a batch of rows of one model, or one step of a continuous batch. One a worker, used again and again.</summary>
internal sealed class WorkUnit
{
    private BatchRow[] _rows = [];

    /// <summary>The model, or null when it is a continuous batch.</summary>
    public ModelQueue? Queue { get; set; }

    public ContinuousBatchRegistration? Continuous { get; set; }

    public RequestClass Class { get; set; }

    public int RowCount { get; set; }

    public Span<BatchRow> Rows => _rows.AsSpan(0, RowCount);

    /// <summary>Room for the rows of a batch.</summary>
    public Span<BatchRow> RoomFor(int rowCount)
    {
        if (_rows.Length < rowCount)
            _rows = new BatchRow[rowCount];
        return _rows;
    }

    public void Clear()
    {
        Rows.Clear();
        (Queue, Continuous, RowCount) = (null, null, 0);
    }
}
