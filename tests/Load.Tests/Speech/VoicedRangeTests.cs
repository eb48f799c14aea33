using MediaScore.Load.Speech;

namespace MediaScore.Load.Tests.Speech;

public sealed class VoicedRangeTests
{
    private const int SampleRate = 16_000;

    [Fact]
    public void Speech_is_found_between_quiet_noise_and_a_click_is_none()
    {
        var samples = Noise(3 * SampleRate, 0.0005f);
        Noise(SampleRate, 0.3f).CopyTo(samples, SampleRate);
        samples[(int)(2.8 * SampleRate)] = 0.9f;

        var range = VoicedRange.Of(samples);

        range.Start.TotalSeconds.ShouldBe(1, 0.011);
        range.End.TotalSeconds.ShouldBe(2, 0.011);
        range.IsClear.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.02f, false)]
    [InlineData(0.008f, true)]
    public void Noise_that_is_less_than_32_dB_under_the_speech_is_no_speech(float amplitude, bool clear)
    {
        // 23 and 31 dB under: by the loud part alone, both go on to the end of the recording.
        var samples = Noise(3 * SampleRate, amplitude);
        Noise(SampleRate, 0.3f).CopyTo(samples, SampleRate);

        var range = VoicedRange.Of(samples);

        range.Start.TotalSeconds.ShouldBe(1, 0.011);
        range.End.TotalSeconds.ShouldBe(2, 0.011);
        range.IsClear.ShouldBe(clear);
    }

    [Fact]
    public void Sound_without_pauses_is_speech_from_end_to_end() => Whole(VoicedRange.Of(Noise(SampleRate, 0.3f)));

    private static void Whole(VoicedRange range)
    {
        (range.Start, range.End).ShouldBe((TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        range.IsClear.ShouldBeFalse();
    }

    private static float[] Noise(int count, float amplitude)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => amplitude * ((2 * random.NextSingle()) - 1))];
    }
}
