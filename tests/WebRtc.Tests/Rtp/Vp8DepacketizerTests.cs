using MediaScore.Peers.Packets;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class Vp8DepacketizerTests
{
    private readonly Vp8Depacketizer _depacketizer = new(100_000);
    private readonly AssembledFrames _frames = new();

    // The diagrams of RFC 7741, 4.2, field by field.
    [Theory]
    [InlineData("10", 1, true, 0, false, -1, false, -1, -1, -1)]
    [InlineData("00", 1, false, 0, false, -1, false, -1, -1, -1)]
    [InlineData("33", 1, true, 3, true, -1, false, -1, -1, -1)]
    [InlineData("9080 11", 3, true, 0, false, 0x11, false, -1, -1, -1)]
    [InlineData("9080 9234", 4, true, 0, false, 0x1234, true, -1, -1, -1)]
    [InlineData("9040 05", 3, true, 0, false, -1, false, 5, -1, -1)]
    [InlineData("9020 C0", 3, true, 0, false, -1, false, -1, 3, -1)]
    [InlineData("9010 DF", 3, true, 0, false, -1, false, -1, -1, 31)]
    [InlineData("90F0 FFFF FF 9E", 6, true, 0, false, 0x7FFF, true, 255, 2, 30)]
    [InlineData("9000", 2, true, 0, false, -1, false, -1, -1, -1)]
    public void Every_field_of_the_descriptor_is_read(
        string hex, int length, bool starts, int partition, bool nonReference, int pictureId, bool isLong, int tl0, int layer, int keyIndex)
    {
        Vp8PayloadDescriptor.TryParse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out var descriptor).ShouldBeTrue();

        descriptor.ShouldBe(new Vp8PayloadDescriptor(length, starts, partition, nonReference, pictureId, isLong, tl0, layer, keyIndex));
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("9080")]
    [InlineData("908080")]
    [InlineData("9040")]
    [InlineData("9020")]
    [InlineData("90F0FFFFFF")]
    public void A_descriptor_that_ends_early_is_refused(string hex) => Vp8PayloadDescriptor.TryParse(Convert.FromHexString(hex), out _).ShouldBeFalse();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(40_000)]
    public void What_was_cut_comes_out_whole(int bytes)
    {
        var frame = Payloads.Vp8Frame(key: bytes >= 10, bytes);
        var packetizer = new Vp8Packetizer(1100, 7, temporalLayers: true);

        packetizer.Begin(frame);
        var payload = new byte[1200];
        while (packetizer.TryWriteNext(payload, out var length, out var last))
            Push(payload.AsSpan(0, length), 3000, last);

        var made = _frames.Frames.ShouldHaveSingleItem();
        made.Payload.ShouldBe(frame);
        made.KeyFrame.ShouldBe(bytes >= 10);
        made.PictureId.ShouldBe(7);
        made.Ticks.ShouldBe(3000);
    }

    [Fact]
    public void A_new_timestamp_ends_a_frame_whose_marker_was_not_set()
    {
        Push(Payloads.Vp8(key: true), 3000, marker: false);
        Push(Payloads.Vp8(key: false), 6000, marker: true);

        _frames.Frames.Select(frame => frame.Ticks).ShouldBe([3000, 6000]);
    }

    [Fact]
    public void A_loss_in_a_frame_drops_that_frame_once_and_no_other()
    {
        Push([.. Payloads.Descriptor(starts: true), .. Payloads.Vp8Frame(key: true)], 3000, marker: false);
        _depacketizer.Lost(_frames);
        Push([.. Payloads.Descriptor(starts: false), 1, 2], 3000, marker: false);
        Push([.. Payloads.Descriptor(starts: false), 3], 3000, marker: true);
        Push(Payloads.Vp8(key: false), 6000, marker: true);

        _frames.BrokenCount.ShouldBe(1);
        _frames.Frames.ShouldHaveSingleItem().Ticks.ShouldBe(6000);
    }

    [Fact]
    public void A_frame_whose_beginning_is_lost_is_dropped()
    {
        _depacketizer.Lost(_frames);
        Push([.. Payloads.Descriptor(starts: false), 1, 2], 3000, marker: true);

        _frames.Frames.ShouldBeEmpty();
        _frames.BrokenCount.ShouldBe(1);
    }

    [Fact]
    public void A_later_partition_does_not_begin_a_frame()
    {
        Push([0x10, .. Payloads.Vp8Frame(key: true)], 3000, marker: false);
        Push([0x11, 0xAA], 3000, marker: false);
        Push([0x12, 0xBB], 3000, marker: true);

        _frames.Frames.ShouldHaveSingleItem().Payload.ShouldBe([.. Payloads.Vp8Frame(key: true), 0xAA, 0xBB]);
    }

    [Fact]
    public void A_key_frame_without_its_start_code_is_malformed()
    {
        Push([0x10, 0x10, 0, 0, 1, 2, 3, 4, 5, 6, 7], 3000, marker: true);

        _frames.Frames.ShouldBeEmpty();
        _depacketizer.MalformedCount.ShouldBe(1);
    }

    [Fact]
    public void A_frame_beyond_the_limit_is_dropped()
    {
        Push([.. Payloads.Descriptor(starts: true), .. Payloads.Vp8Frame(key: true, 60_000)], 3000, marker: false);
        Push([.. Payloads.Descriptor(starts: false), .. new byte[60_000]], 3000, marker: true);
        Push(Payloads.Vp8(key: true), 6000, marker: true);

        _frames.BrokenCount.ShouldBe(1);
        _frames.Frames.ShouldHaveSingleItem().Ticks.ShouldBe(6000);
    }

    private void Push(ReadOnlySpan<byte> payload, long ticks, bool marker) => _depacketizer.Push(new MediaPacket(ticks, marker, new Instant(1), payload), _frames);
}
