using MediaScore.Pipelines.Audio;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

public class SoundMeasuresTests
{
    [Fact]
    public void The_spectrum_is_that_of_the_discrete_fourier_transform()
    {
        const int Length = 64;
        var random = new Random(1);
        var block = Enumerable.Range(0, Length).Select(_ => random.NextDouble() - 0.5).ToArray();
        var power = new double[Length / 2];

        new RealFft(Length).PowerSpectrum(block, power);

        for (var bin = 0; bin < Length / 2; bin++)
        {
            var real = block.Select((x, i) => x * Math.Cos(2 * Math.PI * bin * i / Length)).Sum();
            var imaginary = block.Select((x, i) => x * Math.Sin(2 * Math.PI * bin * i / Length)).Sum();
            power[bin].ShouldBe(real * real + imaginary * imaginary, 1e-9);
        }
    }

    [Fact]
    public void A_held_tone_is_nearly_all_tone_and_noise_and_a_gliding_voice_are_none()
    {
        TonalShare(Tones.Sine(440, Sounds.Rate, 4)).ShouldBeGreaterThan(0.9);
        TonalShare(Sounds.Chords(8)).ShouldBeGreaterThan(0.4);
        TonalShare(Sounds.Melody(10, 3)).ShouldBeGreaterThan(0.4);
        TonalShare(Sounds.WhiteNoise(4, 2)).ShouldBeLessThan(0.05);
        TonalShare(Sounds.PinkNoise(4, 2)).ShouldBeLessThan(0.05);
        TonalShare(Sounds.Voice(110, 2, glideSemitonesPerSecond: 15)).ShouldBeLessThan(0.15);
        TonalShare(Sounds.Silence(2)).ShouldBe(0);
    }

    [Fact]
    public void The_background_is_its_usual_level_and_not_the_coughs_in_it()
    {
        var noise = new NoiseFloor(new AudioPipelineOptions());
        noise.Power.ShouldBeNull();

        for (var i = 0; i < 300; i++)
            noise.Add(new SoundWindow(0.01f, i % 5 == 0 ? 0.1f : 1e-5f, 0, 0));

        Decibels.FromPower(noise.Power!.Value).ShouldBe(-50, 1);
    }

    [Fact]
    public void The_background_follows_a_fan_that_starts_and_leaves_out_speech_and_its_echo()
    {
        var noise = new NoiseFloor(new AudioPipelineOptions());
        for (var i = 0; i < 100; i++)
            noise.Add(new SoundWindow(0.01f, 1e-7f, 0, 0));
        for (var i = 0; i < 100; i++)
            noise.Add(new SoundWindow(i % 6 == 0 ? 0.9f : 0.1f, 0.1f, 0, 0));
        Decibels.FromPower(noise.Power!.Value).ShouldBe(-70, 1);

        for (var i = 0; i < 260; i++)
            noise.Add(new SoundWindow(0.01f, 1e-4f, 0, 0));

        Decibels.FromPower(noise.Power!.Value).ShouldBe(-40, 1);
    }

    [Theory]
    [InlineData(0.01, 1e-6, 0, 0, QualityVerdict.Good)]
    [InlineData(0.01, 2e-3, 0, 0, QualityVerdict.Poor)] // 7 dB
    [InlineData(0.01, 2e-2, 0, 0, QualityVerdict.Unusable)] // -3 dB
    [InlineData(1e-5, 1e-8, 0, 0, QualityVerdict.Poor)] // -50 dBFS
    [InlineData(1e-7, 1e-10, 0, 0, QualityVerdict.Unusable)] // -70 dBFS
    [InlineData(0.3, 1e-6, 15, 0, QualityVerdict.Poor)] // 3 % clipped
    [InlineData(0.9, 1e-6, 200, 0, QualityVerdict.Unusable)] // 39 % clipped
    [InlineData(0.01, 1e-6, 0, 0.43, QualityVerdict.Poor)]
    [InlineData(0.01, 1e-6, 0, 0.6, QualityVerdict.Unusable)]
    public void The_verdict_follows_from_level_background_clipping_and_tones(double power, double noise, int clipped, double tonal, QualityVerdict verdict)
    {
        var windows = Enumerable.Repeat(new SoundWindow(0.9f, (float)power, clipped, (float)tonal), 30).ToList();
        var span = new UtteranceSpan(0, 30 * 512, 0, 30 * 512, UtteranceCut.Silence, windows, 0);

        var quality = QualityGate.Judge(span, noise, 0.5f);

        quality.Verdict.ShouldBe(verdict);
        quality.LevelDbfs.ShouldBe(10 * Math.Log10(power), 0.1);
    }

    [Fact]
    public void Without_a_background_the_quietest_tenth_of_the_utterance_stands_for_it()
    {
        var windows = Enumerable.Range(0, 40).Select(i => new SoundWindow(i < 5 ? 0.1f : 0.9f, i < 5 ? 1e-6f : 1e-2f, 0, 0)).ToList();
        var span = new UtteranceSpan(0, 40 * 512, 0, 40 * 512, UtteranceCut.Silence, windows, 0);

        QualityGate.Judge(span, noisePower: null, 0.5f).SnrDb.ShouldBe(40, 0.1);
    }

    private static double TonalShare(float[] samples)
    {
        var meter = new ToneMeter();
        double tonal = 0;
        double total = 0;
        for (var at = 0; at + SoundWindow.SampleCount <= samples.Length; at += SoundWindow.SampleCount)
        {
            var window = samples.AsSpan(at, SoundWindow.SampleCount);
            var power = SoundWindow.Measure(window).Power;
            tonal += power * meter.Add(window);
            total += power;
        }

        return total > 0 ? tonal / total : 0;
    }
}
