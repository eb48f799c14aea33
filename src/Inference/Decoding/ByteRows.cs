using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Decoding;

/// <summary>The left side of a product: rows of unsigned bytes, each with a scale of its own, four rows interleaved word by word.</summary>
internal sealed class ByteRows(int capacity, int width)
{
    public const int BlockRows = 4;

    private readonly uint[] _words = new uint[(capacity + BlockRows - 1) / BlockRows * BlockRows * width / sizeof(uint)];
    private readonly float[] _steps = new float[capacity];
    private readonly int[] _zeroPoints = new int[capacity];
    private readonly int[] _sums = new int[capacity];

    public int Capacity => capacity;

    public int Width => width;

    /// <summary>The columns of a weight matrix as rows.</summary>
    public static ByteRows ColumnsOf(QuantizedMatrix matrix)
    {
        var rows = new ByteRows(matrix.Columns, matrix.Rows);
        Span<byte> word = stackalloc byte[sizeof(uint)];
        for (var column = 0; column < matrix.Columns; column++)
        {
            (rows._steps[column], rows._zeroPoints[column]) = (matrix.Scales[column], matrix.ZeroPoints[column]);
            for (var at = 0; at < matrix.Rows; at += sizeof(uint))
            {
                for (var i = 0; i < sizeof(uint); i++)
                {
                    word[i] = matrix.Values[((at + i) * matrix.Columns) + column];
                    rows._sums[column] += word[i];
                }

                rows._words[rows.FirstWord(column) + (at / sizeof(uint) * BlockRows)] = BinaryPrimitives.ReadUInt32LittleEndian(word);
            }
        }

        return rows;
    }

    /// <summary>Takes a row in, at the scale that it just fits into.</summary>
    public void Set(int row, ReadOnlySpan<float> values)
    {
        var scale = ByteScale.Of(values);
        _sums[row] = scale.Write(values, _words.AsSpan(FirstWord(row)), BlockRows, flip: 0);
        (_steps[row], _zeroPoints[row]) = (scale.Step, scale.ZeroPoint);
    }

    public ReadOnlySpan<FourRows> Block(int block) =>
        MemoryMarshal.Cast<uint, FourRows>(_words).Slice(block * width / sizeof(uint), width / sizeof(uint));

    public float Step(int row) => _steps[row];

    public int ZeroPoint(int row) => _zeroPoints[row];

    public int Sum(int row) => _sums[row];

    private int FirstWord(int row) => (row / BlockRows * BlockRows * width / sizeof(uint)) + (row % BlockRows);
}

/// <summary>Four bytes of each of four rows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FourRows(uint First, uint Second, uint Third, uint Fourth);
