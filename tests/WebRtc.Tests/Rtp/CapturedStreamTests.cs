using System.Buffers.Binary;
using System.Text;
using MediaScore.Codecs.Containers;
using MediaScore.Peers.Packets;
using MediaScore.TestMedia;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>Real packets of browsers and devices, captured by the makers of str0m, through the depacketizers; what comes out, FFmpeg decodes.</summary>
public sealed class CapturedStreamTests
{
    // The H.264 capture lost three packets and cut four at 1019 bytes: an aggregate, which is refused for it, and three slices, which a decoder has to conceal.
    [Theory]
    [InlineData("str0m_vp8.pcap", RtpCodec.Vp8, 101, 0, 0)]
    [InlineData("str0m_h264.pcap", RtpCodec.H264, 264, 4, 1)]
    public void Every_captured_picture_comes_out_whole(string capture, RtpCodec codec, int frameCount, int brokenCount, int malformedCount)
    {
        Assert.SkipWhen(CaptureReader.TryRead(capture) is null, SharedTestData.SkipReason);
        IDepacketizer depacketizer = codec == RtpCodec.H264 ? new H264Depacketizer(1 << 20) : new Vp8Depacketizer(1 << 20);
        var made = new AssembledFrames();
        var next = -1;

        foreach (var (_, bytes) in CaptureReader.TryRead(capture)!)
        {
            RtpPacket.TryParse(bytes, out var packet).ShouldBeTrue();
            if (next >= 0 && packet.SequenceNumber != next)
                depacketizer.Lost(made);
            next = (ushort)(packet.SequenceNumber + 1);
            depacketizer.Push(new MediaPacket(packet.Timestamp, packet.Marker, new Instant(1), packet.Payload), made);
        }

        depacketizer.MalformedCount.ShouldBe(malformedCount);
        (made.Frames.Count, made.BrokenCount).ShouldBe((frameCount, brokenCount));
    }

    [Theory]
    [InlineData("str0m_vp8.pcap", RtpCodec.Vp8, 101)]
    [InlineData("str0m_h264.pcap", RtpCodec.H264, 145)] // Without what refers to broken pictures.
    public async Task What_the_receiver_hands_on_decodes_whatever_order_the_packets_come_in(string capture, RtpCodec codec, int frameCount)
    {
        Assert.SkipWhen(CaptureReader.TryRead(capture) is null, SharedTestData.SkipReason);
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = CaptureReader.TryRead(capture)!;

        var inOrder = Receive(packets, codec, shuffle: false);
        var shuffled = Receive(packets, codec, shuffle: true);

        inOrder.Count.ShouldBe(frameCount);
        shuffled.ShouldBe(inOrder);
        (await DecodedCountAsync(inOrder, codec)).ShouldBe(inOrder.Count);
    }

    // Test vectors of the WebM project: odd sizes, many partitions, segmentation.
    [Theory]
    [InlineData("vp80-00-comprehensive-016.ivf", 1150)]
    [InlineData("vp80-00-comprehensive-017.ivf", 60)]
    [InlineData("vp80-03-segmentation-02.ivf", 7)]
    [InlineData("vp80-03-segmentation-03.ivf", 300)]
    public async Task Vp8_vectors_survive_the_wire(string vector, int payloadBytes)
    {
        Assert.SkipWhen(SharedTestData.TryFind("webrtc", "ivf", vector) is null, SharedTestData.SkipReason);
        var reader = new IvfReader(new MemoryStream(await File.ReadAllBytesAsync(SharedTestData.TryFind("webrtc", "ivf", vector)!)));
        var depacketizer = new Vp8Depacketizer(1 << 20);
        var packetizer = new Vp8Packetizer(payloadBytes, 0x7FFE);
        var made = new AssembledFrames();
        var sent = new List<byte[]>();
        var payload = new byte[1200];

        while (await reader.ReadAsync())
        {
            sent.Add(reader.Frame.ToArray());
            packetizer.Begin(sent[^1]);
            while (packetizer.TryWriteNext(payload, out var length, out var last))
                depacketizer.Push(new MediaPacket(sent.Count * 3000, last, new Instant(1), payload.AsSpan(0, length)), made);
        }

        sent.ShouldNotBeEmpty();
        made.Frames.Select(frame => frame.Payload).ShouldBe(sent);
        made.Frames.Select(frame => frame.PictureId).ShouldBe(Enumerable.Range(0, sent.Count).Select(number => (0x7FFE + number) & 0x7FFF));
    }

    private static List<byte[]> Receive(List<(TimeSpan At, byte[] Packet)> packets, RtpCodec codec, bool shuffle)
    {
        RtpPacket.TryParse(packets[0].Packet, out var first).ShouldBeTrue();
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { Codec = codec, PayloadType = first.PayloadType, Extensions = default }));
        var random = new Random(6);

        // Blocks of eight, shuffled, some twice.
        foreach (var block in packets.Chunk(8))
        {
            var order = shuffle ? [.. block, .. block.Take(2)] : block;
            if (shuffle)
                random.Shuffle(order);
            foreach (var packet in order)
                rig.Deliver(packet.Packet);
            rig.Wait(5);
        }

        rig.Wait(5000);
        return [.. rig.Events.Video.Select(frame => frame.Payload)];
    }

    private static async Task<int> DecodedCountAsync(List<byte[]> frames, RtpCodec codec)
    {
        var stream = codec == RtpCodec.H264 ? frames.SelectMany(frame => frame).ToArray() : Ivf(frames);
        var sums = await Ffmpeg.ConvertAsync(stream, $"{(codec == RtpCodec.H264 ? "" : "-xerror ")}-f {(codec == RtpCodec.H264 ? "h264" : "ivf")} -i pipe:0 -vsync passthrough -f framemd5 pipe:1");
        return Encoding.ASCII.GetString(sums).Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal));
    }

    private static byte[] Ivf(IEnumerable<byte[]> frames)
    {
        using var file = new MemoryStream();
        var header = new byte[32];
        "DKIF"u8.CopyTo(header);
        header[6] = 32;
        "VP80"u8.CopyTo(header.AsSpan(8));
        (header[12], header[13], header[14], header[15], header[16], header[20]) = (128, 2, 224, 1, 30, 1);
        file.Write(header);
        var number = 0;
        foreach (var frame in frames)
        {
            var frameHeader = new byte[12];
            BinaryPrimitives.WriteInt32LittleEndian(frameHeader, frame.Length);
            BinaryPrimitives.WriteInt64LittleEndian(frameHeader.AsSpan(4), number++);
            file.Write(frameHeader);
            file.Write(frame);
        }

        return file.ToArray();
    }
}
