namespace MediaScore.Inference;

/// <summary>Copies one row into and out of a row-major tensor whose batch axis stands first or second.</summary>
internal static class BatchAxis
{
    /// <param name="outerCount">Blocks before the batch axis: 1 when it stands first, else the first dimension.</param>
    public static void Gather<T>(ReadOnlySpan<T> row, Span<T> tensor, int rowIndex, int rowCount, int outerCount)
    {
        var inner = row.Length / outerCount;
        for (var outer = 0; outer < outerCount; outer++)
            row.Slice(outer * inner, inner).CopyTo(tensor[(((outer * rowCount) + rowIndex) * inner)..]);
    }

    /// <inheritdoc cref="Gather"/>
    public static void Scatter<T>(ReadOnlySpan<T> tensor, Span<T> row, int rowIndex, int rowCount, int outerCount)
    {
        var inner = row.Length / outerCount;
        for (var outer = 0; outer < outerCount; outer++)
            tensor.Slice(((outer * rowCount) + rowIndex) * inner, inner).CopyTo(row.Slice(outer * inner, inner));
    }

    public static int OuterCount(RecurrentState state) => state.BatchAxis == 0 ? 1 : state.RowShape[0];
}
