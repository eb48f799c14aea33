namespace MediaScore.Inference.Tests.Execution;

public sealed class TokenChooserTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1000)]
    [InlineData(32_768)]
    public void The_largest_logit_is_chosen_with_the_log_of_its_softmax(int count)
    {
        var random = new Random(count);
        var logits = Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 20) - 10)).ToArray();
        var expected = logits.AsSpan().IndexOf(logits.Max());
        var logProbability = -Math.Log(logits.Sum(logit => Math.Exp(logit - logits[expected])));

        var chosen = TokenChooser.Choose(logits);

        chosen.Id.ShouldBe(expected);
        ((double)chosen.LogProbability).ShouldBe(logProbability, tolerance: 1e-4);
    }

    [Fact]
    public void The_first_of_equal_logits_is_chosen() => TokenChooser.Choose([1, 3, 2, 3, 0, 0, 0, 0, 0, 3]).Id.ShouldBe(1);

    [Fact]
    public void Large_logits_do_not_overflow() => TokenChooser.Choose([3e38f, -3e38f]).LogProbability.ShouldBe(0);
}
