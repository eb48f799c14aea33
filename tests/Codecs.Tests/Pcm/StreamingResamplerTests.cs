using MediaScore.Codecs.Pcm;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Pcm;

public class StreamingResamplerTests
{
    public static TheoryData<int> Rates => [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 47_999, 48_000];

    [Theory]
    [MemberData(nameof(Rates))]
    public void Tones_up_to_nine_tenths_of_the_lower_Nyquist_frequency_keep_their_level_within_a_tenth_of_a_decibel(int rate)
    {
        var edge = 0.9 * Math.Min(rate, 16_000) / 2;
        foreach (var frequency in (double[])[100, 1000, edge / 2, edge])
        {
            var output = Resample(rate, Tones.Sine(frequency, rate, 1));

            // Away from both ends, where the tone starts and stops.
            var decibels = 20 * Math.Log10(Tones.AmplitudeAt(output.AsSpan(2000, 12_000), frequency, 16_000) / 0.5);
            decibels.ShouldBe(0, tolerance: 0.1, $"{frequency} Hz at {rate} Hz");
        }
    }

    [Theory]
    [InlineData(24_000)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(47_999)]
    [InlineData(48_000)]
    public void Tones_above_8_kHz_do_not_come_back_as_aliases(int rate)
    {
        foreach (var frequency in (double[])[8050, 8600, 9900, 11_000, (rate / 2.0) - 500])
        {
            var output = Resample(rate, Tones.Sine(frequency, rate, 1));

            (Tones.LevelDb(output.AsSpan(2000, 12_000)) + 6).ShouldBeLessThan(-60, $"{frequency} Hz at {rate} Hz");
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11_025)]
    [InlineData(12_000)]
    public void Raising_the_rate_makes_no_images(int rate)
    {
        foreach (var frequency in (double[])[500, 2000, 0.4 * rate])
        {
            var output = Resample(rate, Tones.Sine(frequency, rate, 1)).AsSpan(2000, 12_000);

            var image = Tones.AmplitudeAt(output, rate - frequency, 16_000);
            (20 * Math.Log10(image / 0.5)).ShouldBeLessThan(-60, $"{frequency} Hz at {rate} Hz");
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Chunks_do_not_change_a_single_bit(int rate)
    {
        var input = Tones.Noise(rate / 3, seed: rate);
        var whole = Resample(rate, input);
        var random = new Random(rate);
        var resampler = new StreamingResampler(rate);
        var output = new List<float>();
        var buffer = new float[resampler.MaxOutputCount(2000)];

        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(random.Next(0, 2000), input.Length - at);
            output.AddRange(buffer.AsSpan(0, resampler.Process(input.AsSpan(at, length), buffer)));
            at += length;
        }

        output.AddRange(buffer.AsSpan(0, resampler.Flush(buffer)));

        output.ShouldBe(whole);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_stream_of_n_samples_gives_n_times_16000_over_the_rate_rounded_up(int rate)
    {
        foreach (var count in (int[])[1, 2, 3, 159, 160, 1000, rate])
            Resample(rate, new float[count]).Length.ShouldBe((int)((((long)count * 16_000) + rate - 1) / rate), $"{count} samples at {rate} Hz");
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void An_impulse_stays_where_it_is_in_time(int rate)
    {
        var input = new float[rate];
        input[rate / 2] = 1;

        var output = Resample(rate, input);

        var peak = Array.IndexOf(output, output.Max());
        ((double)peak / 16_000).ShouldBe((rate / 2) / (double)rate, tolerance: 0.6 / 16_000);
    }

    [Fact]
    public void A_flushed_resampler_begins_anew()
    {
        var input = Tones.Noise(5000, seed: 1);
        var resampler = new StreamingResampler(48_000);
        var buffer = new float[resampler.MaxOutputCount(5000)];
        var first = buffer[..resampler.Process(input, buffer)];
        resampler.Flush(buffer);

        var again = buffer[..resampler.Process(input, buffer)];

        again.ShouldBe(first);
    }

    [Fact]
    public void A_warm_resampler_allocates_nothing()
    {
        var input = Tones.Noise(960, seed: 1);
        var resampler = new StreamingResampler(48_000);
        var buffer = new float[resampler.MaxOutputCount(960)];
        for (var i = 0; i < 10; i++)
            resampler.Process(input, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            resampler.Process(input, buffer);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(7999)]
    [InlineData(48_001)]
    public void Rates_outside_8_to_48_kHz_are_refused(int rate) => Should.Throw<ArgumentOutOfRangeException>(() => new StreamingResampler(rate));

    private static float[] Resample(int rate, float[] input)
    {
        var resampler = new StreamingResampler(rate);
        var buffer = new float[resampler.MaxOutputCount(input.Length)];
        var output = buffer[..resampler.Process(input, buffer)].ToList();
        output.AddRange(buffer.AsSpan(0, resampler.Flush(buffer)));
        return [.. output];
    }
}
