using MediaScore.Perception.Speech;

namespace MediaScore.Perception.Tests.Speech;

public sealed class TokenRepetitionTests
{
    [Fact]
    public void Nothing_repeats_in_plain_speech() => TokenRepetition.Find([5, 6, 7, 5, 8, 6]).ShouldBe(default);

    [Fact]
    public void Too_few_tokens_hold_no_repetition() => TokenRepetition.Find([5]).ShouldBe(default);

    [Fact]
    public void A_phrase_said_twice_is_found_and_believed()
    {
        var found = TokenRepetition.Find([9, 5, 6, 7, 5, 6, 7, 8]);

        found.ShouldBe(new TokenRepetition(3, 2));
        found.IsLoop.ShouldBeFalse();
    }

    [Fact]
    public void A_word_said_four_times_is_believed_and_five_times_is_a_loop()
    {
        TokenRepetition.Find([4, 4, 4, 4]).IsLoop.ShouldBeFalse();
        TokenRepetition.Find([4, 4, 4, 4, 4]).IsLoop.ShouldBeTrue();
    }

    [Fact]
    public void A_long_sentence_said_over_again_is_a_loop()
    {
        var sentence = Enumerable.Range(10, 12).ToList();

        var found = TokenRepetition.Find([3, .. sentence, .. sentence]);

        found.ShouldBe(new TokenRepetition(12, 2));
        found.IsLoop.ShouldBeTrue();
    }

    [Fact]
    public void The_shortest_period_tells_the_repetition() =>
        TokenRepetition.Find([1, 2, 1, 2, 1, 2, 1, 2]).ShouldBe(new TokenRepetition(2, 4));
}
