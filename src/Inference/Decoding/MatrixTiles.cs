using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// The right side of a product: columns of signed bytes, each with a scale of its own, in tiles of sixteen columns by four inputs, one cache line each. The signed
/// byte is the unsigned one less 128, since processors multiply unsigned by signed bytes; <see cref="MatrixProduct"/> takes that back, exactly.
/// </summary>
internal sealed class MatrixTiles
{
    public const int TileColumns = 16;

    private const int SignOffset = 128;
    private const uint SignBits = 0x8080_8080;

    private readonly uint[] _words;
    private readonly float[] _steps;
    private readonly int[] _offsets;
    private readonly int[] _weights;
    private readonly float[] _bias;

    public MatrixTiles(int inputs, int columns)
    {
        if (inputs % TileColumns != 0 || columns % TileColumns != 0)
            throw new InvalidDataException($"A matrix of {inputs} by {columns} does not divide into tiles of {TileColumns}.");
        (Inputs, Columns) = (inputs, columns);
        _words = new uint[inputs / sizeof(uint) * columns];
        (_steps, _offsets, _weights, _bias) = (new float[columns], new int[columns], new int[columns], new float[columns]);
    }

    /// <summary>Length of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Length of an output row.</summary>
    public int Columns { get; }

    public static MatrixTiles From(QuantizedMatrix matrix, float[]? bias = null)
    {
        if (bias is not null && bias.Length != matrix.Columns)
            throw new InvalidDataException($"A matrix of {matrix.Columns} columns has a bias of {bias.Length}.");
        var tiles = new MatrixTiles(matrix.Rows, matrix.Columns);
        var bytes = MemoryMarshal.AsBytes(tiles._words.AsSpan());
        for (var column = 0; column < matrix.Columns; column++)
        {
            var first = tiles.FirstWord(column) * sizeof(uint);
            var sum = 0;
            for (var row = 0; row < matrix.Rows; row++)
            {
                var value = matrix.Values[(row * matrix.Columns) + column];
                bytes[first + (row / sizeof(uint) * TileColumns * sizeof(uint)) + (row % sizeof(uint))] = (byte)(value - SignOffset);
                sum += value;
            }

            tiles.Describe(column, new ByteScale(matrix.Scales[column], matrix.ZeroPoints[column]), sum);
        }

        bias?.CopyTo(tiles._bias, 0);
        return tiles;
    }

    /// <summary>Takes a column in.</summary>
    public void SetColumn(int column, ReadOnlySpan<float> values, ByteScale scale) =>
        Describe(column, scale, scale.Write(values, _words.AsSpan(FirstWord(column)), TileColumns, SignBits));

    /// <summary>Reads a column back as numbers.</summary>
    public void ReadColumn(int column, Span<float> values)
    {
        var bytes = MemoryMarshal.Cast<uint, sbyte>(_words);
        var first = FirstWord(column) * sizeof(uint);
        for (var row = 0; row < values.Length; row++)
            values[row] = (bytes[first + (row / sizeof(uint) * TileColumns * sizeof(uint)) + (row % sizeof(uint))] + _offsets[column]) * _steps[column];
    }

    /// <summary>The tiles of the sixteen columns from <paramref name="column"/> on.</summary>
    public ReadOnlySpan<MatrixTile> Tiles(int column) => MemoryMarshal.Cast<uint, MatrixTile>(_words.AsSpan(FirstWord(column), Inputs / sizeof(uint) * TileColumns));

    public ReadOnlySpan<float> Steps => _steps;

    /// <summary>What each stored byte lacks to the number of steps that it stands for.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Sum of each column in steps.</summary>
    public ReadOnlySpan<int> Weights => _weights;

    public ReadOnlySpan<float> Bias => _bias;

    private void Describe(int column, ByteScale scale, int byteSum)
    {
        _steps[column] = scale.Step;
        _offsets[column] = SignOffset - scale.ZeroPoint;
        _weights[column] = byteSum - (Inputs * scale.ZeroPoint);
    }

    private int FirstWord(int column) => (column / TileColumns * TileColumns * Inputs / sizeof(uint)) + (column % TileColumns);
}

/// <summary>Four inputs of sixteen columns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MatrixTile(Vector256<sbyte> Left, Vector256<sbyte> Right);
