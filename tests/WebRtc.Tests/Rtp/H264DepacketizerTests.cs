using MediaScore.Peers.Packets;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class H264DepacketizerTests
{
    private static readonly byte[] Sps = [0x67, 0x42, 0xC0, 0x1F, 0x95, 0xA0];
    private static readonly byte[] OtherSps = [0x67, 0x42, 0xC0, 0x1F, 0x95, 0xB1];
    private static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    private static readonly byte[] Idr = [0x65, 0x88, 0x84, 0x01];
    private static readonly byte[] Slice = [0x41, 0x9A, 0x02];
    private static readonly byte[] Delimiter = [0x09, 0xF0];

    private readonly H264Depacketizer _depacketizer = new(100_000);
    private readonly AssembledFrames _frames = new();

    [Fact]
    public void Single_units_become_annex_b_without_delimiters()
    {
        Push(Delimiter, 1, false);
        Push(Sps, 1, false);
        Push(Pps, 1, false);
        Push(Idr, 1, true);
        Push(Slice, 2, true);

        _frames.Frames.Select(frame => frame.KeyFrame).ShouldBe([true, false]);
        _frames.Frames[0].Payload.ShouldBe(AnnexB(Sps, Pps, Idr));
        _frames.Frames[1].Payload.ShouldBe(AnnexB(Slice));
    }

    [Fact]
    public void An_aggregate_is_taken_apart()
    {
        Push([24, 0, 2, .. Delimiter, 0, 6, .. Sps, 0, 4, .. Pps, 0, 4, .. Idr], 1, true);

        _frames.Frames.ShouldHaveSingleItem().Payload.ShouldBe(AnnexB(Sps, Pps, Idr));
    }

    [Fact]
    public void Fragments_are_joined_under_the_unit_s_own_header()
    {
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps], 1, false);
        Push([0x7C, 0x85, 0x88, 1], 1, false);
        Push([0x7C, 0x05, 2, 3], 1, false);
        Push([0x7C, 0x45, 4], 1, true);

        _frames.Frames.ShouldHaveSingleItem().Payload.ShouldBe(AnnexB(Sps, Pps, [0x65, 0x88, 1, 2, 3, 4]));
    }

    [Fact]
    public void Parameter_sets_stand_before_every_key_frame()
    {
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps, 0, 4, .. Idr], 1, true);
        Push(Idr, 2, true);
        Push(OtherSps, 3, false);
        Push(Idr, 3, true);
        Push(Idr, 4, true);

        _frames.Frames.Select(frame => frame.Payload).ShouldBe(
            [AnnexB(Sps, Pps, Idr), AnnexB(Sps, Pps, Idr), AnnexB(OtherSps, Pps, Idr), AnnexB(OtherSps, Pps, Idr)]);
    }

    [Fact]
    public void Parameter_sets_of_the_offer_are_used_until_the_stream_brings_some()
    {
        _depacketizer.Learn(Sps);
        _depacketizer.Learn(Pps);

        Push(Idr, 1, true);

        _frames.Frames.ShouldHaveSingleItem().Payload.ShouldBe(AnnexB(Sps, Pps, Idr));
    }

    [Fact]
    public void A_key_frame_without_parameter_sets_is_none()
    {
        Push(Idr, 1, true);

        _frames.Frames.ShouldBeEmpty();
        _frames.BrokenCount.ShouldBe(1);
    }

    [Fact]
    public void Parameter_sets_alone_are_no_frame()
    {
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps], 1, true);
        Push(Idr, 2, true);

        _frames.Frames.ShouldHaveSingleItem().Ticks.ShouldBe(2);
        _frames.BrokenCount.ShouldBe(0);
    }

    [Fact]
    public void After_a_loss_only_an_access_unit_with_a_certain_beginning_counts()
    {
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps, 0, 4, .. Idr], 1, true);
        _depacketizer.Lost(_frames);
        Push(Idr, 2, false); // Its parameter sets may be among the lost packets.
        Push(Idr, 2, true);
        _depacketizer.Lost(_frames);
        Push([0x41, 0x1A, 0x02], 3, true); // Not the first macroblock: the slice before it is lost.
        Push(Slice, 4, true);
        _depacketizer.Lost(_frames);
        Push(Slice, 5, true); // The first macroblock.
        _depacketizer.Lost(_frames);
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps, 0, 4, .. Idr], 6, true);

        _frames.Frames.Select(frame => frame.Ticks).ShouldBe([1, 4, 5, 6]);
        _frames.BrokenCount.ShouldBe(2);
        _depacketizer.MalformedCount.ShouldBe(0);
    }

    [Fact]
    public void A_loss_inside_a_fragmented_unit_breaks_its_access_unit_only()
    {
        Push([24, 0, 6, .. Sps, 0, 4, .. Pps, 0, 4, .. Idr], 1, true);
        Push([0x5C, 0x81, 0x88, 1], 2, false);
        _depacketizer.Lost(_frames);
        Push([0x5C, 0x41, 4], 2, true);
        Push(Slice, 3, true);

        _frames.Frames.Select(frame => frame.Ticks).ShouldBe([1, 3]);
        _frames.BrokenCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("18")] // STAP-A without units
    [InlineData("180000")]
    [InlineData("18000541")]
    [InlineData("18000118")] // STAP-A within STAP-A
    [InlineData("7C85")] // FU-A without data
    [InlineData("7C0501")] // continuation of nothing
    [InlineData("7C9C01")] // FU-A within FU-A
    [InlineData("19000141")] // STAP-B, MTAP, FU-B: of the interleaved mode
    [InlineData("1A000141")]
    [InlineData("1D0001")]
    [InlineData("1E0001")]
    [InlineData("E1")] // forbidden bit
    [InlineData("00")]
    [InlineData("67F0")] // a sequence set without its number: found by the fuzz test
    public void What_the_mode_does_not_allow_is_counted_and_dropped(string hex)
    {
        Push(Convert.FromHexString(hex), 1, true);

        _frames.Frames.ShouldBeEmpty();
        _depacketizer.MalformedCount.ShouldBe(1);
    }

    [Fact]
    public void Many_parameter_sets_push_out_the_oldest()
    {
        for (var id = 0; id < 50; id++)
        {
            // seq_parameter_set_id as ue(v) behind profile, constraints and level.
            var code = id + 1;
            var bits = 2 * (int)Math.Log2(code) + 1;
            var field = (uint)code << (32 - bits);
            Push([0x67, 0x42, 0xC0, 0x1F, (byte)(field >> 24), (byte)(field >> 16), (byte)(field >> 8), 0x80], 1, false);
        }

        Push(Pps, 1, false);
        Push(Idr, 1, true);
        Push(Idr, 2, true);

        _frames.Frames[1].Payload.AsSpan().Count([(byte)0, (byte)0, (byte)0, (byte)1, (byte)0x67]).ShouldBe(4);
    }

    [Fact]
    public void What_was_cut_comes_out_whole()
    {
        var slice = new byte[5000];
        slice.AsSpan().Fill(0x55);
        (slice[0], slice[1]) = (0x65, 0x88);
        var frame = AnnexB(Sps, Pps, slice);
        var packetizer = new H264Packetizer(1100);

        packetizer.Begin(frame);
        var payload = new byte[1200];
        while (packetizer.TryWriteNext(payload, out var length, out var last))
            Push(payload.AsSpan(0, length), 9, last);

        _frames.Frames.ShouldHaveSingleItem().Payload.ShouldBe(frame);
    }

    private static byte[] AnnexB(params byte[][] units) => [.. units.SelectMany(unit => (byte[])[0, 0, 0, 1, .. unit])];

    private void Push(ReadOnlySpan<byte> payload, long ticks, bool marker) => _depacketizer.Push(new MediaPacket(ticks, marker, new Instant(1), payload), _frames);
}
