using MediaScore.TestMedia;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class OpusDepacketizerTests
{
    private readonly OpusDepacketizer _depacketizer = new();
    private readonly AssembledFrames _frames = new();

    // RFC 6716, table 2 and 3.2: configuration, frames a packet, ticks of 1/48000 s.
    [Theory]
    [InlineData(0, 0, 480)]
    [InlineData(1, 0, 960)]
    [InlineData(2, 0, 1920)]
    [InlineData(3, 0, 2880)]
    [InlineData(3, 1, 5760)]
    [InlineData(11, 2, 5760)]
    [InlineData(12, 0, 480)]
    [InlineData(15, 0, 960)]
    [InlineData(16, 0, 120)]
    [InlineData(17, 0, 240)]
    [InlineData(30, 0, 480)]
    [InlineData(31, 1, 1920)]
    public void The_first_byte_tells_how_long_a_packet_sounds(int config, int code, int ticks)
    {
        OpusPayload.TryGetDuration([(byte)(config << 3 | code), 1, 2], out var duration).ShouldBeTrue();

        duration.ShouldBe(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4B")] // code 3 without a count
    [InlineData("4B00")] // no frames
    [InlineData("5B03")] // three times 60 ms
    public void What_can_be_no_packet_is_dropped_and_counted(string hex)
    {
        OpusPayload.TryGetDuration(Convert.FromHexString(hex), out _).ShouldBeFalse();

        if (hex.Length == 0)
            return;
        Push(Convert.FromHexString(hex), 960);
        _depacketizer.MalformedCount.ShouldBe(1);
        _frames.BrokenCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void Contiguous_packets_of_any_length_get_nothing_between_them(int milliseconds)
    {
        var toc = (byte)((milliseconds switch { 10 => 0, 20 => 1, 40 => 2, _ => 3 }) << 3);

        for (var number = 0; number < 10; number++)
            Push([toc, 1, 2], number * milliseconds * 48);

        _frames.Frames.Count.ShouldBe(10);
        _depacketizer.FilledCount.ShouldBe(0);
    }

    [Fact]
    public void The_pause_of_a_sender_in_dtx_is_filled_with_packets_without_sound()
    {
        Push(Payloads.Opus(1), 0);
        Push(Payloads.Opus(2), 400 * 48); // A refresh every 400 ms.

        _frames.Frames.Count.ShouldBe(21);
        _frames.Frames.Select(frame => frame.Ticks).ShouldBe(Enumerable.Range(0, 21).Select(number => number * 960L));
        _frames.Frames[1..20].ShouldAllBe(frame => frame.Payload.Length == 1 && frame.Payload[0] == Payloads.OpusToc);
    }

    [Theory]
    [InlineData(0x02 << 3, 0x01 << 3)] // SILK 40 ms
    [InlineData(0x03 << 3 | 7, 0x01 << 3 | 4)] // SILK 60 ms, stereo, several frames
    [InlineData(0x0C << 3, 0x0D << 3)] // hybrid 10 ms
    [InlineData(0x10 << 3, 0x13 << 3)] // CELT 2.5 ms
    public void The_filler_has_the_mode_and_bandwidth_of_the_sound_before_it(int toc, int filler) => OpusPayload.SilenceLike((byte)toc).ShouldBe((byte)filler);

    [Fact]
    public void A_pause_longer_than_a_second_stays_a_hole()
    {
        Push(Payloads.Opus(1), 0);
        Push(Payloads.Opus(2), 960 + 48_001);

        _frames.Frames.Count.ShouldBe(2);
    }

    [Fact]
    public void Pauses_are_filled_for_as_long_as_time_passes_and_not_at_a_sender_s_bidding()
    {
        // A second in each packet, a thousand packets at once: fifty times the work for one.
        for (var number = 0; number < 1000; number++)
            _depacketizer.Push(new MediaPacket(number * 48_000L, false, new Instant(1), Payloads.Opus(number)), _frames);
        _depacketizer.FilledCount.ShouldBeLessThanOrEqualTo(100);
        var before = _depacketizer.FilledCount;

        for (var second = 1; second <= 60; second++)
            _depacketizer.Push(new MediaPacket((999 + second) * 48_000L, false, new Instant(second * 1_000_000L), Payloads.Opus(second)), _frames);

        (_depacketizer.FilledCount - before).ShouldBe(60 * 49);
    }

    [Fact]
    public void Pauses_that_come_at_once_after_an_outage_are_filled()
    {
        Push(Payloads.Opus(0), 0);
        for (var number = 1; number <= 50; number++)
            _depacketizer.Push(new MediaPacket(number * 19_200L, false, new Instant(20_000_000), Payloads.Opus(number)), _frames);

        _depacketizer.FilledCount.ShouldBe(50 * 19);
    }

    [Fact]
    public void Where_packets_are_missing_nothing_is_filled()
    {
        Push(Payloads.Opus(1), 0);
        _depacketizer.Lost(_frames);
        Push(Payloads.Opus(5), 5 * 960);

        _frames.Frames.Count.ShouldBe(2);
    }

    [Fact]
    public void A_filler_is_as_late_as_the_packet_that_made_it_known()
    {
        var arrival = new Instant(10_000_000);
        _depacketizer.Push(new MediaPacket(0, false, arrival, Payloads.Opus(1)), _frames);
        _depacketizer.Push(new MediaPacket(19_200, false, arrival + TimeSpan.FromMilliseconds(400), Payloads.Opus(2)), _frames);

        _frames.Frames.ShouldAllBe(frame => frame.Arrival == arrival + TimeSpan.FromMilliseconds(frame.Ticks / 48.0));
    }

    [Fact]
    public async Task The_filler_decodes_to_what_a_pause_sounds_like()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // Noise of -20 dB that ends; the encoder says so by its last packets, and then sends nothing for most of a second.
        var sounds = await CodedMedia.OpusAsync((float[])[.. Tones.Noise(16_000, seed: 3, amplitude: 0.17), .. Tones.Noise(16_000, seed: 4, amplitude: 0.001)]);
        for (var number = 0; number < 90; number++)
        {
            if (number is < 60 or > 85)
                Push(sounds[number].Payload, number * 960);
        }

        _frames.Frames.Count.ShouldBe(90);
        var decoded = CodedMedia.Decode(_frames.Frames.Select(frame => new CodedSound(TimeSpan.Zero, TimeSpan.Zero, frame.Payload)));
        decoded.Length.ShouldBe(90 * 320);
        Tones.LevelDb(decoded.AsSpan(20 * 320, 10 * 320)).ShouldBeGreaterThan(-25);
        Tones.LevelDb(decoded.AsSpan(62 * 320, 23 * 320)).ShouldBeLessThan(-45);
    }

    private void Push(ReadOnlySpan<byte> payload, long ticks) => _depacketizer.Push(new MediaPacket(ticks, false, new Instant(1), payload), _frames);
}
