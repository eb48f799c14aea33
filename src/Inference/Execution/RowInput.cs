namespace MediaScore.Inference;

/// <summary>
/// One input of one row. The memory stays the caller's and must not change until the request has ended; nothing is copied before the batch is formed.
/// </summary>
public readonly struct RowInput
{
    /// <param name="values">Row-major, exactly <see cref="RowShape.ElementCount"/> values.</param>
    /// <param name="shape">Shape without the batch axis.</param>
    public RowInput(ReadOnlyMemory<float> values, RowShape shape)
    {
        ThrowIfLengthDiffers(values.Length, shape);
        (Floats, Shape) = (values, shape);
    }

    /// <inheritdoc cref="RowInput(ReadOnlyMemory{float}, RowShape)"/>
    public RowInput(ReadOnlyMemory<long> values, RowShape shape)
    {
        ThrowIfLengthDiffers(values.Length, shape);
        (Integers, Shape, IsInteger) = (values, shape, true);
    }

    public RowShape Shape { get; }

    /// <summary>True for <c>int64</c> values, false for <c>float</c>.</summary>
    public bool IsInteger { get; }

    internal ReadOnlyMemory<float> Floats { get; }

    internal ReadOnlyMemory<long> Integers { get; }

    private static void ThrowIfLengthDiffers(int valueCount, RowShape shape)
    {
        if (valueCount != shape.ElementCount)
            throw new ArgumentException($"A row of shape {shape} takes {shape.ElementCount} values, not {valueCount}.");
    }
}
