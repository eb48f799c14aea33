using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Tests.Rtp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class DepacketizerFuzzTests
{
    private const int MaxFrameBytes = 8_000;

    private static readonly List<byte[]> Vp8Seeds =
    [
        Payloads.Vp8(key: true), Payloads.Vp8(key: false, 77), [.. Convert.FromHexString("90F0FFFFFF9E"), .. Payloads.Vp8Frame(key: true, 900)], [0x01, 1, 2, 3],
    ];

    private static readonly List<byte[]> H264Seeds =
    [
        Convert.FromHexString("180006674 2C01F95A0000468CE3C80000465888401".Replace(" ", "", StringComparison.Ordinal)),
        Convert.FromHexString("7C85880102030405"), Convert.FromHexString("7C050607"), Convert.FromHexString("7C4508"), Convert.FromHexString("419A020304"),
        Convert.FromHexString("6742C01F95A0"), Convert.FromHexString("68CE3C80"), Convert.FromHexString("09F0"),
    ];

    private static readonly List<byte[]> OpusSeeds =
    [
        Payloads.Opus(1), [0x4B, 0x83, 1, 1, 2, 3, 4, 5], [0xFC], [0x0B, 0x02, 1, 2],
    ];

    [Theory]
    [InlineData("vp8")]
    [InlineData("h264")]
    [InlineData("opus")]
    public void No_sequence_of_changed_payloads_breaks_a_depacketizer_or_makes_it_grow(string kind)
    {
        var (depacketizer, seeds, corpus) = kind switch
        {
            "vp8" => ((IDepacketizer)new Vp8Depacketizer(MaxFrameBytes), Vp8Seeds, "str0m_vp8.pcap"),
            "h264" => (new H264Depacketizer(MaxFrameBytes), H264Seeds, "str0m_h264.pcap"),
            _ => (new OpusDepacketizer(), OpusSeeds, null),
        };
        var sink = new CheckingSink(MaxFrameBytes + 8 * 1100);
        var random = new Random(FuzzCases.Seed);
        var ticks = 0x1_0000_0000L;

        FuzzCases.Run([.. seeds, .. Captured(corpus)], 1400, (buffer, length) =>
        {
            ticks += random.Next(8) switch { 0 => 960, 1 => 3000, 2 => random.Next(-100_000, 100_000), _ => 0 };
            if (random.Next(20) == 0)
                depacketizer.Lost(sink);
            depacketizer.Push(new MediaPacket(ticks, random.Next(3) == 0, new Instant(ticks), buffer.AsSpan(0, length)), sink);
            depacketizer.CanBeginWith(buffer.AsSpan(0, length));
        });

        sink.FrameCount.ShouldBeGreaterThan(FuzzCases.Count / 100);
    }

    private static IEnumerable<byte[]> Captured(string? capture)
    {
        if (capture is null || CaptureReader.TryRead(capture) is not { } packets)
            yield break;
        foreach (var (_, bytes) in packets)
            yield return Payload(bytes);
    }

    private static byte[] Payload(byte[] packet)
    {
        RtpPacket.TryParse(packet, out var parsed).ShouldBeTrue();
        return parsed.Payload.ToArray();
    }

    private sealed class CheckingSink(int maxBytes) : IFrameSink
    {
        public int FrameCount { get; private set; }

        public void OnFrame(in AssembledFrame frame)
        {
            frame.Payload.Length.ShouldBeInRange(1, maxBytes);
            FrameCount++;
        }

        public void OnBrokenFrame()
        {
        }
    }
}
