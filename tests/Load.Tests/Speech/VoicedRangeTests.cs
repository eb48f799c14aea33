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

        var (start, end) = VoicedRange.Of(samples);

        start.TotalSeconds.ShouldBe(1, 0.011);
        end.TotalSeconds.ShouldBe(2, 0.011);
    }

    [Fact]
    public void Sound_without_pauses_is_speech_from_end_to_end() => VoicedRange.Of(Noise(SampleRate, 0.3f)).ShouldBe((TimeSpan.Zero, TimeSpan.FromSeconds(1)));

    private static float[] Noise(int count, float amplitude)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => amplitude * ((2 * random.NextSingle()) - 1))];
    }
}
