using MediaScore.Codecs.Opus;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Opus;

public class OpusPacketDecoderTests
{
    private readonly float[] _buffer = new float[OpusPacketDecoder.MaxSampleCount];

    public static TheoryData<bool> Decoders => [false, true];

    [Theory]
    [MemberData(nameof(Decoders))]
    public async Task A_tone_comes_back_at_its_level(bool managed)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await CodedMedia.OpusAsync(Tones.Sine(440, 16_000, 2), kilobitsPerSecond: 32);

        var decoded = DecodeAll(managed, packets);

        // The first 100 ms hold the codec's start.
        Tones.LevelDb(decoded.AsSpan(1600, 24_000)).ShouldBe(-6, tolerance: 0.5);
        Tones.AmplitudeAt(decoded.AsSpan(1600, 24_000), 440, 16_000).ShouldBe(0.5, tolerance: 0.03);
    }

    [Theory]
    [InlineData(2.5)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task Every_packet_length_decodes_to_its_own_duration(double milliseconds)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await CodedMedia.OpusAsync(Tones.Sine(300, 16_000, 0.5), frameMilliseconds: milliseconds);

        foreach (var managed in (bool[])[false, true])
        {
            using var decoder = Create(managed);
            foreach (var packet in packets)
            {
                var result = decoder.Decode(packet.Payload, _buffer);

                result.ShouldBe(new OpusDecodeResult((int)(milliseconds * 16), OpusDecodeError.None));
                packet.Duration.TotalMilliseconds.ShouldBe(milliseconds);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public async Task Stereo_packets_come_out_as_the_mean_of_both_sides(bool managed)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // 500 Hz on the left only: as mono it has half the amplitude, 0.25.
        var ogg = await Ffmpeg.MakeAsync("-f lavfi -i aevalsrc=0.5*sin(2*PI*500*t)|0:s=48000:d=2 -c:a libopus -b:a 96k -f ogg pipe:1");
        var packets = await CodedMedia.OpusAsync(ogg);
        OpusPacketInspector.TryInspect(packets[20].Payload, out var info).ShouldBeTrue();
        info.Channels.ShouldBe(2);

        var decoded = DecodeAll(managed, packets);

        Tones.AmplitudeAt(decoded.AsSpan(1600, 24_000), 500, 16_000).ShouldBe(0.25, tolerance: 0.02);
    }

    [Fact]
    public async Task The_managed_decoder_agrees_with_libopus()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        Assert.SkipUnless(OpusDecoderFactory.Create().Implementation.StartsWith("libopus", StringComparison.Ordinal), "Needs libopus0.");
        var packets = await CodedMedia.OpusAsync(Tones.Noise(32_000, seed: 5, amplitude: 0.2), kilobitsPerSecond: 32);

        var native = DecodeAll(managed: false, packets);
        var managed = DecodeAll(managed: true, packets);

        managed.Length.ShouldBe(native.Length);
        var difference = native.Zip(managed, (left, right) => left - right).ToArray();
        (Tones.LevelDb(difference) - Tones.LevelDb(native)).ShouldBeLessThan(-25);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public async Task A_loss_is_concealed_with_sound_that_fades(bool managed)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await CodedMedia.OpusAsync(Tones.Sine(300, 16_000, 1));
        using var decoder = Create(managed);
        foreach (var packet in packets.Take(40)) // The last ones hold the end of the tone.
            decoder.Decode(packet.Payload, _buffer);

        var first = decoder.Conceal(320, _buffer);
        var firstLevel = Tones.LevelDb(_buffer.AsSpan(0, 320));
        for (var lost = 0; lost < 20; lost++)
            decoder.Conceal(320, _buffer);
        var lastLevel = Tones.LevelDb(_buffer.AsSpan(0, 320));

        first.SampleCount.ShouldBe(320);
        firstLevel.ShouldBeGreaterThan(-20);
        lastLevel.ShouldBeLessThan(firstLevel - 15);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public async Task A_lost_packet_is_rebuilt_from_the_copy_in_the_next(bool managed)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // A tone that jumps in pitch every 200 ms: concealment can't guess the jump, the copy knows it.
        var sound = await Ffmpeg.MakeAsync(
            "-f lavfi -i aevalsrc=0.4*sin(2*PI*(200+150*mod(floor(t*5)\\,4))*t):s=16000:d=3 -c:a libopus -application voip -b:a 32k -fec 1 -packet_loss 30 -f ogg pipe:1");
        var packets = await CodedMedia.OpusAsync(sound);

        var (withCopy, guessed) = (ErrorOfLosses(managed, packets, recover: true), ErrorOfLosses(managed, packets, recover: false));

        withCopy.ShouldBeLessThan(0.8 * guessed);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Malformed_packets_and_short_buffers_are_values(bool managed)
    {
        using var decoder = Create(managed);

        decoder.Decode([], _buffer).Error.ShouldBe(OpusDecodeError.Malformed);
        decoder.Decode([0x0B, 0], _buffer).Error.ShouldBe(OpusDecodeError.Malformed);
        decoder.Decode([0x08, 1, 2, 3], _buffer.AsSpan(0, 319)).Error.ShouldBe(OpusDecodeError.BufferTooSmall);
        decoder.Conceal(321, _buffer).Error.ShouldBe(OpusDecodeError.BufferTooSmall);
        decoder.Conceal(0, _buffer).Error.ShouldBe(OpusDecodeError.BufferTooSmall);
        decoder.Recover([0x08, 1, 2, 3], 4000, _buffer).Error.ShouldBe(OpusDecodeError.BufferTooSmall);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Random_bytes_never_throw_nor_write_past_the_packet(bool managed)
    {
        var random = new Random(20_261_124);
        using var decoder = Create(managed);
        for (var round = 0; round < 3000; round++)
        {
            var packet = new byte[random.Next(0, 200)];
            random.NextBytes(packet);

            var result = decoder.Decode(packet, _buffer);

            result.SampleCount.ShouldBeInRange(0, OpusPacketDecoder.MaxSampleCount);
            if (OpusPacketInspector.TryInspect(packet, out var info) && result.Succeeded)
                result.SampleCount.ShouldBe(info.SampleCountAt(16_000));
        }
    }

    [Fact]
    public async Task A_reset_decoder_gives_what_a_fresh_one_gives()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await CodedMedia.OpusAsync(Tones.Sine(300, 16_000, 1));
        foreach (var managed in (bool[])[false, true])
        {
            using var decoder = Create(managed);
            var first = DecodeWith(decoder, packets);
            decoder.Reset();

            DecodeWith(decoder, packets).ShouldBe(first);
        }
    }

    [Fact]
    public async Task Decoding_allocates_nothing_a_packet()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var decoder = OpusDecoderFactory.Create();
        Assert.SkipUnless(decoder.Implementation.StartsWith("libopus", StringComparison.Ordinal), "Needs libopus0.");
        var packets = (await CodedMedia.OpusAsync(Tones.Sine(300, 16_000, 1))).Select(packet => packet.Payload).ToArray();
        foreach (var packet in packets)
            decoder.Decode(packet, _buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var packet in packets)
            decoder.Decode(packet, _buffer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
    }

    private static OpusPacketDecoder Create(bool managed) => managed ? OpusDecoderFactory.CreateManaged() : OpusDecoderFactory.Create();

    private static double ErrorOfLosses(bool managed, IReadOnlyList<CodedSound> packets, bool recover)
    {
        var truth = CodedMedia.Decode(packets);
        using var decoder = Create(managed);
        var buffer = new float[OpusPacketDecoder.MaxSampleCount];
        var error = 0.0;
        for (var i = 0; i + 1 < packets.Count; i++)
        {
            var lost = i % 10 == 5;
            if (lost && recover)
                decoder.Recover(packets[i + 1].Payload, 320, buffer).SampleCount.ShouldBe(320);
            else if (lost)
                decoder.Conceal(320, buffer).SampleCount.ShouldBe(320);
            else
                decoder.Decode(packets[i].Payload, buffer);
            for (var sample = 0; lost && sample < 320; sample++)
                error += Math.Pow(buffer[sample] - truth[(i * 320) + sample], 2);
        }

        return error;
    }

    private float[] DecodeAll(bool managed, IReadOnlyList<CodedSound> packets)
    {
        using var decoder = Create(managed);
        return DecodeWith(decoder, packets);
    }

    private float[] DecodeWith(OpusPacketDecoder decoder, IReadOnlyList<CodedSound> packets)
    {
        var samples = new List<float>();
        foreach (var packet in packets)
            samples.AddRange(_buffer.AsSpan(0, decoder.Decode(packet.Payload, _buffer).SampleCount));
        return [.. samples];
    }
}
