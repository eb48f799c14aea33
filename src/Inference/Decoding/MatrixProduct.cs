using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// Products of 8-bit matrices. The sums are exact integers, so a row's result is the same bits alone, among any neighbours, and with any
/// <see cref="IByteDotProduct"/>.
/// </summary>
internal static class MatrixProduct
{
    /// <param name="output">Row-major, <paramref name="rowCount"/> rows of <paramref name="columnCount"/>.</param>
    /// <param name="columnCount">The first so many columns; a multiple of 16.</param>
    public static void Multiply(ByteRows rows, int rowCount, MatrixTiles tiles, int columnCount, Span<float> output)
    {
        if (AvxVnni.IsSupported)
            Multiply<VnniDotProduct>(rows, rowCount, tiles, columnCount, output);
        else if (Avx2.IsSupported)
            Multiply<Avx2DotProduct>(rows, rowCount, tiles, columnCount, output);
        else
            Multiply<PortableDotProduct>(rows, rowCount, tiles, columnCount, output);
    }

    internal static void Multiply<TDot>(ByteRows rows, int rowCount, MatrixTiles tiles, int columnCount, Span<float> output)
        where TDot : struct, IByteDotProduct
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Width, tiles.Inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, rowCount * columnCount);
        // Columns outside: their weights stay in the first cache while all rows go over them, and come from memory once.
        for (var column = 0; column < columnCount; column += MatrixTiles.TileColumns)
        {
            var weights = tiles.Tiles(column);
            var finish = new Finish(tiles, column, columnCount);
            for (var row = 0; row < rowCount; row += ByteRows.BlockRows)
            {
                var block = rows.Block(row / ByteRows.BlockRows);
                if (rowCount - row == 1)
                    MultiplyOne<TDot>(block, weights, rows, row, finish, output);
                else
                    MultiplyFour<TDot>(block, weights, rows, row, Math.Min(rowCount - row, ByteRows.BlockRows), finish, output);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour<TDot>(
        ReadOnlySpan<FourRows> block, ReadOnlySpan<MatrixTile> weights, ByteRows rows, int row, int rowCount, in Finish finish, Span<float> output)
        where TDot : struct, IByteDotProduct
    {
        Vector256<int> firstLeft = default, firstRight = default, secondLeft = default, secondRight = default;
        Vector256<int> thirdLeft = default, thirdRight = default, fourthLeft = default, fourthRight = default;
        for (var i = 0; i < weights.Length && i < block.Length; i++)
        {
            ref readonly var four = ref block[i];
            var (left, right) = (weights[i].Left, weights[i].Right);
            var values = Vector256.Create(four.First).AsByte();
            firstLeft = TDot.Add(firstLeft, values, left);
            firstRight = TDot.Add(firstRight, values, right);
            values = Vector256.Create(four.Second).AsByte();
            secondLeft = TDot.Add(secondLeft, values, left);
            secondRight = TDot.Add(secondRight, values, right);
            values = Vector256.Create(four.Third).AsByte();
            thirdLeft = TDot.Add(thirdLeft, values, left);
            thirdRight = TDot.Add(thirdRight, values, right);
            values = Vector256.Create(four.Fourth).AsByte();
            fourthLeft = TDot.Add(fourthLeft, values, left);
            fourthRight = TDot.Add(fourthRight, values, right);
        }

        finish.Write(firstLeft, firstRight, rows, row, output);
        if (rowCount > 1)
            finish.Write(secondLeft, secondRight, rows, row + 1, output);
        if (rowCount > 2)
            finish.Write(thirdLeft, thirdRight, rows, row + 2, output);
        if (rowCount > 3)
            finish.Write(fourthLeft, fourthRight, rows, row + 3, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOne<TDot>(
        ReadOnlySpan<FourRows> block, ReadOnlySpan<MatrixTile> weights, ByteRows rows, int row, in Finish finish, Span<float> output)
        where TDot : struct, IByteDotProduct
    {
        Vector256<int> left = default, right = default;
        for (var i = 0; i < weights.Length && i < block.Length; i++)
        {
            var values = Vector256.Create(block[i].First).AsByte();
            left = TDot.Add(left, values, weights[i].Left);
            right = TDot.Add(right, values, weights[i].Right);
        }

        finish.Write(left, right, rows, row, output);
    }

    /// <summary>Turns exact sums of sixteen columns into numbers.</summary>
    private readonly struct Finish(MatrixTiles tiles, int column, int columnCount)
    {
        private readonly Vector512<float> _steps = Vector512.Create(tiles.Steps.Slice(column, MatrixTiles.TileColumns));
        private readonly Vector512<float> _bias = Vector512.Create(tiles.Bias.Slice(column, MatrixTiles.TileColumns));
        private readonly Vector512<int> _offsets = Vector512.Create(tiles.Offsets.Slice(column, MatrixTiles.TileColumns));
        private readonly Vector512<int> _weights = Vector512.Create(tiles.Weights.Slice(column, MatrixTiles.TileColumns));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(Vector256<int> left, Vector256<int> right, ByteRows rows, int row, Span<float> output)
        {
            var exact = Vector512.Create(left, right) + (_offsets * rows.Sum(row)) - (_weights * rows.ZeroPoint(row));
            var values = (Vector512.ConvertToSingle(exact) * (_steps * rows.Step(row))) + _bias;
            values.CopyTo(output.Slice((row * columnCount) + column, MatrixTiles.TileColumns));
        }
    }
}
