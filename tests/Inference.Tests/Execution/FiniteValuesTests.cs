using CsCheck;

namespace MediaScore.Inference.Tests.Execution;

public sealed class FiniteValuesTests
{
    [Fact]
    public void The_first_value_that_is_not_finite_is_found_wherever_it_stands() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 69], Gen.Int[0, 2].Select(i => new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity }[i])).Sample((length, place, bad) =>
        {
            var values = Enumerable.Repeat(1.5f, length).ToArray();
            if (place < length)
                values[place] = bad;
            return FiniteValues.IndexOfNotFinite(values) == (place < length ? place : -1);
        });

    [Fact]
    public void The_largest_finite_values_are_finite() =>
        FiniteValues.IndexOfNotFinite(Enumerable.Repeat(float.MaxValue, 64).ToArray()).ShouldBe(-1);
}
