namespace MediaScore.Inference;

/// <summary>One row as a model sees it: the caller's inputs and outputs and, for a recurrent model, the slot's state.</summary>
internal class BatchRow
{
    private RowInput[] _inputs = new RowInput[1];
    private Memory<float>[] _outputs = new Memory<float>[1];
    private int _inputCount;
    private int _outputCount;

    public ReadOnlySpan<RowInput> Inputs => _inputs.AsSpan(0, _inputCount);

    public ReadOnlySpan<Memory<float>> Outputs => _outputs.AsSpan(0, _outputCount);

    /// <summary>The slot's state, replaced by the model when the row came out well; null for a stateless model.</summary>
    public float[]? State { get; set; }

    /// <summary>Why this row came out wrong; its outputs and its state are then untouched.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Asked once a run, of its first row, before any of its rows is written.</summary>
    /// <returns>False when the run came too late: the callers have their buffers back.</returns>
    public virtual bool TryWrite() => true;

    public void SetBuffers(ReadOnlySpan<RowInput> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        if (_inputs.Length < inputs.Length)
            _inputs = new RowInput[inputs.Length];
        if (_outputs.Length < outputs.Length)
            _outputs = new Memory<float>[outputs.Length];
        inputs.CopyTo(_inputs);
        outputs.CopyTo(_outputs);
        (_inputCount, _outputCount) = (inputs.Length, outputs.Length);
    }

    public bool HasShapeOf(BatchRow other)
    {
        for (var i = 0; i < _inputCount; i++)
        {
            if (_inputs[i].Shape != other._inputs[i].Shape)
                return false;
        }

        return true;
    }

    /// <summary>Lets go of the callers' buffers, so that a pooled row keeps none of them alive.</summary>
    protected void ClearBuffers()
    {
        Array.Clear(_inputs);
        Array.Clear(_outputs);
        State = null;
        Failure = null;
    }
}
