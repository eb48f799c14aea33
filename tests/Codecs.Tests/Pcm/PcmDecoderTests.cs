using MediaScore.Codecs.Pcm;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Pcm;

public class PcmDecoderTests
{
    [Fact]
    public void Sixteen_kilohertz_mono_passes_through_exactly()
    {
        var decoder = new PcmDecoder(16_000, 1);
        var samples = new float[decoder.MaxSampleCount(6)];

        var result = decoder.Decode([0x00, 0x80, 0xFF, 0x7F, 0x00, 0x40], samples);

        result.ShouldBe(new PcmDecodeResult(3, PcmDecodeError.None));
        samples[..3].ShouldBe([-1f, 32767f / 32768f, 0.5f]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void The_same_sound_on_all_channels_keeps_its_level(int channels)
    {
        var decoder = new PcmDecoder(48_000, channels);

        var output = DecodeAll(decoder, Tones.ToPcm16(Tones.Sine(440, 48_000, 1), channels));

        // 5.1 and 7.1 leave the LFE channel out; the other weights still add up to 1.
        Tones.AmplitudeAt(output.AsSpan(2000, 12_000), 440, 16_000).ShouldBe(0.5, tolerance: 0.005);
    }

    [Fact]
    public async Task Speech_on_the_centre_channel_of_5_1_survives_the_downmix()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pcm = await Ffmpeg.MakeAsync(
            "-f lavfi -i aevalsrc=0|0|0.5*sin(2*PI*600*t)|0.5*sin(2*PI*60*t)|0|0:c=5.1:s=48000:d=1 -f s16le -c:a pcm_s16le pipe:1");
        pcm.Length.ShouldBe(48_000 * 6 * 2);

        var output = DecodeAll(new PcmDecoder(48_000, 6), pcm);

        // Centre weighs 1 of 0.7071 + 0.7071 + 1 + 0.5 + 0.5.
        Tones.AmplitudeAt(output.AsSpan(2000, 12_000), 600, 16_000).ShouldBe(0.5 / 3.41421, tolerance: 0.002);
        Tones.AmplitudeAt(output.AsSpan(2000, 12_000), 60, 16_000).ShouldBeLessThan(0.0005, "the LFE channel is left out");
    }

    [Fact]
    public async Task Telephone_sound_comes_out_at_its_level()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pcm = await Ffmpeg.MakeAsync("-f lavfi -i aevalsrc=0.5*sin(2*PI*1000*t):s=8000:d=1 -f s16le -c:a pcm_s16le pipe:1");

        var output = DecodeAll(new PcmDecoder(8000, 1), pcm);

        output.Length.ShouldBe(16_000);
        Tones.AmplitudeAt(output.AsSpan(2000, 12_000), 1000, 16_000).ShouldBe(0.5, tolerance: 0.005);
    }

    [Theory]
    [InlineData(16_000, 1, 1)]
    [InlineData(8000, 1, 2)]
    [InlineData(48_000, 6, 1)]
    public void One_sample_of_sound_is_one_sample(int rate, int channels, int expected) =>
        DecodeAll(new PcmDecoder(rate, channels), Tones.ToPcm16([0.25f], channels)).Length.ShouldBe(expected);

    [Fact]
    public void Cut_samples_and_short_buffers_are_values_and_change_nothing()
    {
        var decoder = new PcmDecoder(48_000, 2);

        decoder.Decode([1, 2, 3], new float[100]).Error.ShouldBe(PcmDecodeError.CutSample);
        decoder.Decode(new byte[4000], new float[10]).Error.ShouldBe(PcmDecodeError.BufferTooSmall);
        decoder.Flush(new float[1]).Error.ShouldBe(PcmDecodeError.BufferTooSmall);
        DecodeAll(decoder, []).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(7999, 1, false)]
    [InlineData(96_000, 2, false)]
    [InlineData(48_000, 0, false)]
    [InlineData(48_000, 9, false)]
    [InlineData(48_000, 8, true)]
    [InlineData(11_025, 1, true)]
    public void Formats_outside_the_bounds_are_told_before_they_throw(int rate, int channels, bool supported) =>
        PcmDecoder.IsSupported(rate, channels).ShouldBe(supported);

    private static float[] DecodeAll(PcmDecoder decoder, byte[] pcm)
    {
        var output = new List<float>();
        var packetBytes = 2 * decoder.Channels * decoder.SampleRate / 50;
        var buffer = new float[decoder.MaxSampleCount(packetBytes)];
        for (var at = 0; at < pcm.Length; at += packetBytes)
        {
            var result = decoder.Decode(pcm.AsSpan(at, Math.Min(packetBytes, pcm.Length - at)), buffer);
            result.Succeeded.ShouldBeTrue();
            output.AddRange(buffer.AsSpan(0, result.SampleCount));
        }

        output.AddRange(buffer.AsSpan(0, decoder.Flush(buffer).SampleCount));
        return [.. output];
    }
}
