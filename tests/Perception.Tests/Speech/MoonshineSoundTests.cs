using MediaScore.Perception.Speech;

namespace MediaScore.Perception.Tests.Speech;

public sealed class MoonshineSoundTests
{
    [Theory]
    [InlineData(894, 0)]
    [InlineData(895, 1)]
    [InlineData(16_000, 40)]
    [InlineData(160_000, 415)]
    public void Frames_follow_from_the_convolutions(int sampleCount, int frameCount) => MoonshineSound.FrameCount(sampleCount).ShouldBe(frameCount);

    [Theory]
    [InlineData(1, 8)]
    [InlineData(16_000, 8)]
    [InlineData(160_000, 60)]
    public void Tokens_are_limited_to_six_a_second_but_never_below_a_short_phrase(int sampleCount, int limit) =>
        MoonshineSound.TokenLimit(sampleCount).ShouldBe(limit);
}
