namespace MediaScore.Inference;

/// <summary>The tensors of one run, and the way of its results back into the rows.</summary>
internal abstract class RunTensors(OnnxModel model) : IDisposable
{
    protected OnnxModel Model { get; } = model;

    public abstract void Dispose();

    /// <summary>All rows of one output, row after row.</summary>
    protected abstract ReadOnlySpan<float> Output(int index);

    /// <summary>The state of all rows as the model gave it back.</summary>
    protected abstract ReadOnlySpan<float> StateOutput { get; }

    /// <summary>Rows of the tensors for so many rows of callers.</summary>
    protected static int TensorRows(ModelLoad load, int rowCount)
    {
        var wanted = load.FillBatch ? load.MaxBatch : rowCount;
        return wanted == 1 && load.PadLoneRow ? 2 : wanted;
    }

    /// <summary>Writes the outputs and states of good rows, and the failure of the others.</summary>
    protected void WriteResults(ReadOnlySpan<BatchRow> rows, int tensorRows)
    {
        if (!rows[0].TryWrite())
            return;
        for (var r = 0; r < rows.Length; r++)
        {
            rows[r].Failure = FindFailure(rows[r], r, tensorRows);
            if (rows[r].Failure is null)
                WriteRow(rows[r], r, tensorRows);
        }
    }

    private Exception? FindFailure(BatchRow row, int rowIndex, int tensorRows)
    {
        for (var i = 0; i < row.Outputs.Length; i++)
        {
            var all = Output(i);
            var length = all.Length / tensorRows;
            if (row.Outputs[i].Length < length)
                return new ArgumentException($"Output '{Model.Signature.Outputs[i]}' of model '{Model.Load.Name}' has {length} values, the buffer {row.Outputs[i].Length}.");
            if (FiniteValues.IndexOfNotFinite(all.Slice(rowIndex * length, length)) is var place and >= 0)
                return NotFinite(Model.Signature.Outputs[i], place);
        }

        if (Model.Load.State is not { } state)
            return null;
        var outerCount = BatchAxis.OuterCount(state);
        var inner = state.RowShape.ElementCount / outerCount;
        for (var outer = 0; outer < outerCount; outer++)
        {
            if (FiniteValues.IndexOfNotFinite(StateOutput.Slice(((outer * tensorRows) + rowIndex) * inner, inner)) is var place and >= 0)
                return NotFinite(state.Output, (outer * inner) + place);
        }

        return null;
    }

    private void WriteRow(BatchRow row, int rowIndex, int tensorRows)
    {
        for (var i = 0; i < row.Outputs.Length; i++)
        {
            var all = Output(i);
            var length = all.Length / tensorRows;
            all.Slice(rowIndex * length, length).CopyTo(row.Outputs[i].Span);
        }

        if (Model.Load.State is { } state)
            BatchAxis.Scatter(StateOutput, row.State!.AsSpan(), rowIndex, tensorRows, BatchAxis.OuterCount(state));
    }

    private InferenceFailedException NotFinite(string output, int place) =>
        new(Model.Load.Name, $"value {place} of output '{output}' is not finite.");
}
