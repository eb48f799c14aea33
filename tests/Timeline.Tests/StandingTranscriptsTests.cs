namespace MediaScore.Timeline.Tests;

public sealed class StandingTranscriptsTests
{
    private static readonly MediaRange First = new(MediaTime.Zero, MediaTime.FromSeconds(2));
    private static readonly MediaRange Second = new(MediaTime.FromSeconds(3), MediaTime.FromSeconds(5));

    [Fact]
    public void The_refined_one_stands_even_where_its_model_was_less_sure()
    {
        var standing = StandingTranscripts.Of([Said(Second, "later"), Said(First, "live", logProbability: -0.1), Said(First, "refined", logProbability: -0.4, refined: true)]);

        standing.Select(t => t.Text).ShouldBe(["refined", "later"]);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("la la la", "repetition")]
    public void A_refined_one_without_a_text_that_is_believed_replaces_nothing(string text, string? rejected)
    {
        var standing = StandingTranscripts.Of([Said(First, text, refined: true, rejected: rejected), Said(First, "live")]);

        standing.ShouldHaveSingleItem().Text.ShouldBe("live");
    }

    [Fact]
    public void Of_two_live_ones_that_stands_of_which_its_model_was_surer()
    {
        var standing = StandingTranscripts.Of([Said(First, "unsure", logProbability: -0.5), Said(First, "sure", logProbability: -0.1)]);

        standing.ShouldHaveSingleItem().Text.ShouldBe("sure");
    }

    private static UtteranceTranscript Said(MediaRange range, string text, double logProbability = -0.1, bool refined = false, string? rejected = null) =>
        new(range, "en", text, [], logProbability, rejected) { Refined = refined };
}
