using MediaScore.Peers.Packets;
using MediaScore.Peers.Sources;
using MediaScore.TestMedia;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>Frames of real encoders, cut by the sender and put together by the receiver: two readings of one RFC.</summary>
public sealed class PacketizerTests
{
    [Fact]
    public async Task Vp8_frames_come_out_as_they_went_in()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.Vp8Async();

        var frames = PassThrough(clip, new Vp8Packetizer(maxPayloadBytes: 1152, firstPictureId: 0x7FF0), new Vp8Depacketizer(512 * 1024), out _);

        frames.ShouldBe(clip.Units.Select(unit => (unit.KeyFrame, Convert.ToHexString(unit.Payload.Span))));
    }

    [Fact]
    public async Task Vp8_frames_come_out_with_temporal_layer_fields_too()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.Vp8Async();

        var frames = PassThrough(clip, new Vp8Packetizer(500, 17, temporalLayers: true), new Vp8Depacketizer(512 * 1024), out _);

        frames.ShouldBe(clip.Units.Select(unit => (unit.KeyFrame, Convert.ToHexString(unit.Payload.Span))));
    }

    [Theory]
    [InlineData(1152)]
    [InlineData(100)]
    public async Task H264_units_come_out_as_they_went_in(int maxPayloadBytes)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.H264Async();

        var frames = PassThrough(clip, new H264Packetizer(maxPayloadBytes), new H264Depacketizer(512 * 1024), out _);

        frames.Select(frame => (frame.Key, Units(Convert.FromHexString(frame.Payload))))
            .ShouldBe(clip.Units.Select(unit => (unit.KeyFrame, Units(unit.Payload.Span))));
    }

    [Fact]
    public async Task H264_parameter_sets_share_a_packet_and_long_slices_are_fragments_of_one_size()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.H264Async();
        var key = clip.Units.First(unit => unit.KeyFrame && unit.Payload.Length > 5_000);
        var packetizer = new H264Packetizer(1152);
        var payloads = new List<byte[]>();
        var buffer = new byte[1500];

        packetizer.Begin(key.Payload);
        while (packetizer.TryWriteNext(buffer, out var length, out _))
            payloads.Add(buffer[..length]);

        (payloads[0][0] & 0x1F).ShouldBe(24); // STAP-A of SPS, PPS and what is short enough.
        var fragments = payloads.Where(payload => (payload[0] & 0x1F) == 28).ToList();
        fragments.Count.ShouldBeGreaterThan(2);
        fragments.Zip(fragments.Skip(1)).Where(pair => (pair.First[1] & 0x40) == 0 && (pair.Second[1] & 0x40) == 0).Count(pair => pair.First.Length != pair.Second.Length).ShouldBe(0);
        payloads.Max(payload => payload.Length).ShouldBeLessThanOrEqualTo(1152);
    }

    [Fact]
    public async Task Opus_packets_are_payloads_as_they_are()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.OpusAsync();

        var frames = PassThrough(clip, new OpusPacketizer(), new OpusDepacketizer(), out var packetCount);

        packetCount.ShouldBe(clip.Units.Count);
        frames.ShouldBe(clip.Units.Select(unit => (true, Convert.ToHexString(unit.Payload.Span))));
    }

    private static List<(bool Key, string Payload)> PassThrough(MediaClip clip, IPacketizer packetizer, IDepacketizer depacketizer, out int packetCount)
    {
        var sink = new Collector();
        var buffer = new byte[1500];
        packetCount = 0;
        foreach (var unit in clip.Units)
        {
            packetizer.Begin(unit.Payload);
            var ticks = unit.Time.Ticks * (clip.Kind == MediaKind.Audio ? 48_000 : 90_000) / TimeSpan.TicksPerSecond;
            while (packetizer.TryWriteNext(buffer, out var length, out var last))
            {
                packetCount++;
                depacketizer.Push(new MediaPacket(ticks, last && clip.Kind == MediaKind.Video, new Instant(unit.Time.Ticks / 10), buffer.AsSpan(0, length)), sink);
            }
        }

        depacketizer.MalformedCount.ShouldBe(0);
        sink.BrokenCount.ShouldBe(0);
        return sink.Frames;
    }

    internal static string Units(ReadOnlySpan<byte> accessUnit)
    {
        var from = 0;
        var units = new List<string>();
        while (AnnexBUnits.TryNext(accessUnit, ref from, out var unit))
            units.Add(Convert.ToHexString(accessUnit[unit]));
        return string.Join(' ', units);
    }

    private sealed class Collector : IFrameSink
    {
        public List<(bool Key, string Payload)> Frames { get; } = [];

        public int BrokenCount { get; private set; }

        public void OnFrame(in AssembledFrame frame) => Frames.Add((frame.KeyFrame, Convert.ToHexString(frame.Payload)));

        public void OnBrokenFrame() => BrokenCount++;
    }
}
