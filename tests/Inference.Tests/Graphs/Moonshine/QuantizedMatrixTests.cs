using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Tests.Graphs.Moonshine;

public sealed class QuantizedMatrixTests
{
    // Values 1..8, zero point 3, scale 0.5.
    private static readonly QuantizedMatrix Matrix = QuantizedMatrix.PerTensor(2, 4, [1, 2, 3, 4, 5, 6, 7, 8], 0.5f, 3);

    [Fact]
    public void Matrices_side_by_side_keep_their_own_scales()
    {
        var other = QuantizedMatrix.PerTensor(2, 1, [10, 20], 2f, 5);

        var both = QuantizedMatrix.SideBySide(Matrix, other);

        Product(both, [1, 2]).ShouldBe([.. Product(Matrix, [1, 2]), .. Product(other, [1, 2])]);
    }

    [Fact]
    public void A_matrix_with_a_scale_a_column_cannot_be_turned()
    {
        var both = QuantizedMatrix.SideBySide(Matrix, QuantizedMatrix.PerTensor(2, 1, [10, 20], 2f, 5));

        Should.Throw<InvalidOperationException>(both.Transpose);
    }

    [Fact]
    public void Signed_bytes_and_floats_stand_for_the_same_numbers()
    {
        var both = QuantizedMatrix.SideBySide(Matrix, QuantizedMatrix.PerTensor(2, 1, [0, 255], 2f, 200));

        var (values, zeroPoints) = (both.SignedValues(), both.SignedZeroPoints());

        both.ToFloats().ShouldBe([.. Enumerable.Range(0, values.Length).Select(i => (values[i] - zeroPoints[i % both.Columns]) * both.Scales[i % both.Columns])]);
        both.ToFloats()[4].ShouldBe(-400f);
    }

    private static float[] Product(QuantizedMatrix matrix, float[] input) =>
    [
        .. Enumerable.Range(0, matrix.Columns).Select(column => Enumerable.Range(0, matrix.Rows).Sum(row =>
            input[row] * (matrix.Values[(row * matrix.Columns) + column] - matrix.ZeroPoints[column]) * matrix.Scales[column])),
    ];
}
