using MediaScore.Inference.Catalog;

namespace MediaScore.Inference.Tests.Catalog;

public sealed class SeededNumbersTests
{
    /// <summary>The first outputs for seed 1234567, from the reference C code (prng.di.unimi.it/splitmix64.c).</summary>
    [Fact]
    public void Numbers_are_those_of_the_reference_code()
    {
        var numbers = new SeededNumbers(1234567);

        ulong[] first = [numbers.NextBits(), numbers.NextBits(), numbers.NextBits()];

        first.ShouldBe([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL]);
    }
}
