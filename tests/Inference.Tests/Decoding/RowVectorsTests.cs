using System.Runtime.Intrinsics;
using MediaScore.Inference.Decoding;

namespace MediaScore.Inference.Tests.Decoding;

public sealed class RowVectorsTests
{
    [Fact]
    public void Exponentials_are_right_to_three_units_of_the_last_place()
    {
        for (var x = -87f; x <= 88f; x += 0.0137f)
        {
            var expected = Math.Exp(x);
            var unit = MathF.BitIncrement((float)expected) - (float)expected;

            Math.Abs(RowVectors.Exp(Vector512.Create(x))[0] - expected).ShouldBeLessThanOrEqualTo(3 * unit, $"e^{x}");
        }

        RowVectors.Exp(Vector512<float>.Zero)[0].ShouldBe(1);
    }

    [Fact]
    public void Scores_that_do_not_count_become_zero()
    {
        float[] scores = [.. Enumerable.Range(0, 32).Select(i => i < 20 ? 1f : 1e30f)];

        var sum = RowVectors.Exponentiate(scores, 20);

        sum.ShouldBe(20);
        scores.ShouldBe([.. Enumerable.Repeat(1f, 20), .. Enumerable.Repeat(0f, 12)]);
    }

    [Fact]
    public void A_normalised_row_has_no_mean_and_the_gain_for_its_deviation()
    {
        var random = new Random(1);
        float[] row = [.. Enumerable.Range(0, 64).Select(_ => (random.NextSingle() * 9) + 100)];
        var output = new float[64];

        RowVectors.Normalize(row, [.. Enumerable.Repeat(2f, 64)], output);

        output.Average().ShouldBe(0, 1e-4f);
        Math.Sqrt(output.Average(value => (double)value * value)).ShouldBe(2, 1e-3);
    }

    [Fact]
    public void A_gate_lets_its_value_through_as_swish_says()
    {
        float[] wide = [.. Enumerable.Range(0, 16).Select(i => (float)i), .. Enumerable.Range(0, 16).Select(i => i - 8f)];
        var output = new float[16];

        RowVectors.Gate(wide, output);

        for (var i = 0; i < 16; i++)
            ((double)output[i]).ShouldBe(i * (i - 8.0) / (1 + Math.Exp(8.0 - i)), 1e-4);
    }
}
