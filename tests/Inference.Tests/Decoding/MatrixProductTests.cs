using MediaScore.Inference.Decoding;
using MediaScore.Inference.Graphs.Moonshine;
using System.Runtime.Intrinsics.X86;

namespace MediaScore.Inference.Tests.Decoding;

public sealed class MatrixProductTests
{
    private const int Inputs = 48;
    private const int Columns = 32;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_product_is_that_of_the_quantised_numbers(int rowCount)
    {
        var (matrix, bias, rows) = (Matrix(seed: 1), Numbers(2, Columns, 3), Rows(rowCount));
        var output = new float[rowCount * Columns];

        MatrixProduct.Multiply(Quantized(rows), rowCount, MatrixTiles.From(matrix, bias), Columns, output);

        for (var row = 0; row < rowCount; row++)
        {
            var numbers = Back(rows[row]);
            for (var column = 0; column < Columns; column++)
            {
                var expected = (double)bias[column];
                for (var i = 0; i < Inputs; i++)
                    expected += numbers[i] * (matrix.Values[(i * Columns) + column] - matrix.ZeroPoints[column]) * (double)matrix.Scales[column];
                ((double)output[(row * Columns) + column]).ShouldBe(expected, tolerance: 1e-3, $"row {row}, column {column}");
            }
        }
    }

    [Fact]
    public void Every_way_to_multiply_bytes_gives_the_same_bits()
    {
        const int rowCount = 7;
        var rows = Quantized(Rows(rowCount));
        var tiles = MatrixTiles.From(Matrix(seed: 3));
        var (portable, avx2, vnni) = (new float[rowCount * Columns], new float[rowCount * Columns], new float[rowCount * Columns]);

        MatrixProduct.Multiply<PortableDotProduct>(rows, rowCount, tiles, Columns, portable);
        Assert.SkipUnless(Avx2.IsSupported, "Needs AVX2.");
        MatrixProduct.Multiply<Avx2DotProduct>(rows, rowCount, tiles, Columns, avx2);
        avx2.ShouldBe(portable);
        Assert.SkipUnless(AvxVnni.IsSupported, "Needs AVX-VNNI.");
        MatrixProduct.Multiply<VnniDotProduct>(rows, rowCount, tiles, Columns, vnni);
        vnni.ShouldBe(portable);
    }

    [Fact]
    public void Bytes_at_their_extremes_do_not_saturate()
    {
        // 255 times -128, and 255 times 127: what the byte instruction of AVX2 clips.
        var matrix = QuantizedMatrix.PerTensor(16, 16, [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 2 == 0 ? 0 : 255))], 1, 128);
        var rows = new ByteRows(1, 16);
        rows.Set(0, [.. Enumerable.Repeat(255f, 16)]);
        var (portable, output) = (new float[16], new float[16]);

        MatrixProduct.Multiply<PortableDotProduct>(rows, 1, MatrixTiles.From(matrix), 16, portable);
        MatrixProduct.Multiply(rows, 1, MatrixTiles.From(matrix), 16, output);

        output.ShouldBe([.. Enumerable.Range(0, 16).Select(column => 16 * 255f * (column % 2 == 0 ? -128 : 127))]);
        portable.ShouldBe(output);
    }

    [Fact]
    public void A_row_is_bit_equal_alone_and_among_others()
    {
        var rows = Rows(6);
        var tiles = MatrixTiles.From(Matrix(seed: 4));
        var together = new float[rows.Count * Columns];
        MatrixProduct.Multiply(Quantized(rows), rows.Count, tiles, Columns, together);

        for (var row = 0; row < rows.Count; row++)
        {
            var alone = new float[Columns];
            MatrixProduct.Multiply(Quantized([rows[row]]), 1, tiles, Columns, alone);
            alone.ShouldBe(together[(row * Columns)..((row + 1) * Columns)]);
        }
    }

    [Fact]
    public void Columns_of_numbers_are_multiplied_as_rows_of_weights_are()
    {
        var matrix = Matrix(seed: 5);
        var rows = Rows(16);
        var scale = ByteScale.Of([.. rows.SelectMany(row => row)]);
        var tiles = new MatrixTiles(Inputs, 16);
        for (var column = 0; column < 16; column++)
            tiles.SetColumn(column, rows[column], scale);
        var output = new float[Columns * 16];

        MatrixProduct.Multiply(ByteRows.ColumnsOf(matrix), Columns, tiles, 16, output);

        Span<float> numbers = stackalloc float[Inputs];
        for (var column = 0; column < 16; column++)
        {
            tiles.ReadColumn(column, numbers);
            for (var row = 0; row < Columns; row++)
            {
                var expected = 0.0;
                for (var i = 0; i < Inputs; i++)
                    expected += numbers[i] * (matrix.Values[(i * Columns) + row] - matrix.ZeroPoints[row]) * (double)matrix.Scales[row];
                ((double)output[(row * 16) + column]).ShouldBe(expected, tolerance: 1e-3);
            }
        }
    }

    private static QuantizedMatrix Matrix(int seed)
    {
        var random = new Random(seed);
        var (values, scales, zeroPoints) = (new byte[Inputs * Columns], Numbers(seed + 1, Columns, 0.01f), new byte[Columns]);
        random.NextBytes(values);
        random.NextBytes(zeroPoints);
        return new QuantizedMatrix(Inputs, Columns, values, [.. scales.Select(MathF.Abs)], zeroPoints);
    }

    private static List<float[]> Rows(int count) => [.. Enumerable.Range(0, count).Select(row => Numbers(100 + row, Inputs, row + 1))];

    private static ByteRows Quantized(IReadOnlyList<float[]> rows)
    {
        var result = new ByteRows(rows.Count, Inputs);
        for (var row = 0; row < rows.Count; row++)
            result.Set(row, rows[row]);
        return result;
    }

    private static double[] Back(float[] values)
    {
        var scale = ByteScale.Of(values);
        return [.. values.Select(value => (Math.Clamp(MathF.Round(value / scale.Step) + scale.ZeroPoint, 0, 255) - scale.ZeroPoint) * (double)scale.Step)];
    }

    private static float[] Numbers(int seed, int count, float extent)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * extent)];
    }
}
