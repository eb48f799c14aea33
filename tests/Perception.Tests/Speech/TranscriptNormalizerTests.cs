using MediaScore.TestMedia;

namespace MediaScore.Perception.Tests.Speech;

public sealed class TranscriptNormalizerTests
{
    [Theory]
    [InlineData("Mr. Quilter's well-known, ‘gospel’!", "mister quilter's well known gospel")]
    [InlineData("Um, I <VOCNOISE> uh think so...", "i think so")]
    [InlineData("10,000 of 25 in 1999", "ten thousand of twenty five in one thousand nine hundred ninety nine")]
    [InlineData("the 3rd, the 20th and the 101st", "the third the twentieth and the one hundred first")]
    [InlineData("the 1990s", "the one thousand nine hundred nineties")]
    [InlineData("Don’t, 'tis", "don't tis")]
    public void Transcripts_are_compared_as_plain_words(string transcript, string expected) =>
        string.Join(' ', TranscriptNormalizer.Words(transcript)).ShouldBe(expected);

    [Fact]
    public void Errors_are_told_apart() => WordErrorRate.Of("a b c d", "a x c d e").ShouldBe(new WordErrorRate(4, 1, 0, 1));

    [Fact]
    public void Invented_words_count_where_nothing_was_said() => WordErrorRate.Of("", "thank you").ShouldBe(new WordErrorRate(0, 0, 0, 2));

    [Fact]
    public void Missing_words_count() => WordErrorRate.Of("one two three", "two").ShouldBe(new WordErrorRate(3, 0, 2, 0));
}
