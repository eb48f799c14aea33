namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// A weight matrix in 8 bits: <c>value = (quantised - zero point) * scale</c>, one scale and zero point a column. Only reordered
/// here, never quantised anew: the weights stay those of the package to the last bit.
/// </summary>
/// <param name="Rows">Length of the input vector.</param>
/// <param name="Columns">Length of the output vector.</param>
/// <param name="Values">Row-major, <c>[Rows, Columns]</c>.</param>
/// <param name="Scales">One a column.</param>
/// <param name="ZeroPoints">One a column.</param>
internal sealed record QuantizedMatrix(int Rows, int Columns, byte[] Values, float[] Scales, byte[] ZeroPoints)
{
    /// <summary>A matrix quantised as a whole.</summary>
    public static QuantizedMatrix PerTensor(int rows, int columns, byte[] values, float scale, byte zeroPoint)
    {
        var (scales, zeroPoints) = (new float[columns], new byte[columns]);
        Array.Fill(scales, scale);
        Array.Fill(zeroPoints, zeroPoint);
        return new QuantizedMatrix(rows, columns, values, scales, zeroPoints);
    }

    /// <summary>The numbers that the matrix stands for, row-major.</summary>
    public float[] ToFloats()
    {
        var floats = new float[Values.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (Values[i] - ZeroPoints[i % Columns]) * Scales[i % Columns];
        return floats;
    }

    /// <summary>The same matrix in signed bytes: values less 128, to be read with <see cref="SignedZeroPoints"/>.</summary>
    public sbyte[] SignedValues() => Signed(Values);

    /// <inheritdoc cref="SignedValues"/>
    public sbyte[] SignedZeroPoints() => Signed(ZeroPoints);

    /// <summary>Several matrices of the same input side by side.</summary>
    public static QuantizedMatrix SideBySide(params ReadOnlySpan<QuantizedMatrix> parts)
    {
        var columns = 0;
        foreach (var part in parts)
            columns += part.Columns;
        var result = new QuantizedMatrix(parts[0].Rows, columns, new byte[parts[0].Rows * columns], new float[columns], new byte[columns]);
        var offset = 0;
        foreach (var part in parts)
        {
            part.Scales.CopyTo(result.Scales, offset);
            part.ZeroPoints.CopyTo(result.ZeroPoints, offset);
            for (var row = 0; row < part.Rows; row++)
                part.Values.AsSpan(row * part.Columns, part.Columns).CopyTo(result.Values.AsSpan((row * columns) + offset));
            offset += part.Columns;
        }

        return result;
    }

    public QuantizedMatrix Transpose()
    {
        // A column's scale has no place in a row: only a matrix quantised as a whole can be turned.
        if (Scales.AsSpan().ContainsAnyExcept(Scales[0]) || ZeroPoints.AsSpan().ContainsAnyExcept(ZeroPoints[0]))
            throw new InvalidOperationException("The matrix has a scale a column.");
        var turned = new byte[Values.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
                turned[(column * Rows) + row] = Values[(row * Columns) + column];
        }

        return PerTensor(Columns, Rows, turned, Scales[0], ZeroPoints[0]);
    }

    private static sbyte[] Signed(byte[] values) => Array.ConvertAll(values, value => (sbyte)(value - 128));
}
