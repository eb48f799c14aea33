using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Tests.Rtp;

namespace MediaScore.WebRtc.Tests.Fuzz;

/// <summary>A peer that has keys and means harm: real streams, changed, re-ordered, cut and repeated, with time that passes as it likes.</summary>
public sealed class MediaReceiverFuzzTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_that_a_peer_with_keys_sends_breaks_the_receiver_or_makes_it_grow(bool h264)
    {
        var events = new OrderedEvents();
        var video = TestSession.Video with { Codec = h264 ? RtpCodec.H264 : RtpCodec.Vp8 };
        var audio = TestSession.Audio with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.TransportCc };
        using var receiver = new MediaReceiver(TestSession.Of(audio, video), new MediaReceiverOptions(), events, TestSession.LocalSsrc, "cname");
        var random = new Random(FuzzCases.Seed);
        var script = PacketScript.Make(10, h264);
        var seeds = script.Take(200).Select(packet => packet.Packet).ToList();
        seeds.AddRange(script.Take(50).Select((packet, number) => PacketScript.Retransmission(packet.Packet, number)));
        seeds.AddRange(FuzzCases.Corpus("*", "corpus/rtp"));
        var reports = (List<byte[]>)[Report(TestSession.AudioSsrc), Report(TestSession.VideoSsrc), .. FuzzCases.Corpus("*", "corpus/rtcp")];
        var rtcp = new byte[1200];
        var now = new Instant(1_000_000);
        var next = 0;

        FuzzCases.Run(seeds, 1400, (buffer, length) =>
        {
            // Between hostile packets come honest ones, a little out of order; now and then an hour passes.
            now += TimeSpan.FromMilliseconds(random.Next(1000) switch { 0 => 3_600_000, < 20 => random.Next(3000), _ => random.NextDouble() * 4 });
            if (random.Next(3) > 0)
                receiver.ReceiveRtp(script[Math.Clamp(next++ % script.Count + random.Next(-4, 5), 0, script.Count - 1)].Packet, now);
            if (receiver.IsInteresting(buffer.AsSpan(0, length), now))
                receiver.ReceiveRtp(buffer.AsSpan(0, length), now);
            if (random.Next(10) == 0)
                receiver.ReceiveRtcp(Mutated(reports[random.Next(reports.Count)], random), now);
            if (random.Next(50) == 0)
                receiver.RequestKeyFrame(now);
            receiver.Advance(now);
            var written = 0;
            while (receiver.WriteRtcp(rtcp, now) is > 0 and var size)
            {
                (++written).ShouldBeLessThan(100);
                Check(rtcp.AsSpan(0, size));
            }

            receiver.NextDeadline.ShouldBeGreaterThan(now);
            receiver.Snapshot();
        });

        receiver.Flush(now);
        events.FrameCount.ShouldBeGreaterThan(FuzzCases.Count / 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        before.ShouldBeLessThan(400L << 20);
    }

    private static byte[] Report(uint ssrc)
    {
        var buffer = new byte[28];
        new RtcpWriter(buffer).WriteSenderReport(ssrc, NtpTime.FromUnixMicroseconds(1_764_000_000_000_000), 5_000, 1, 2);
        return buffer;
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var changed = (byte[])original.Clone();
        for (var count = random.Next(4); count > 0 && changed.Length > 0; count--)
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return changed;
    }

    private static void Check(ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out var block))
            block.Kind.ShouldNotBe(RtcpKind.Malformed);
        reader.Truncated.ShouldBeFalse();
    }

    private sealed class OrderedEvents : IRtcEvents
    {
        private readonly long[] _last = new long[2];

        public long FrameCount { get; private set; }

        public void OnFrame(in EncodedFrame frame)
        {
            frame.MediaTimeUs.ShouldBeGreaterThanOrEqualTo(_last[(int)frame.Kind]);
            frame.LostBefore.ShouldBeGreaterThanOrEqualTo(0);
            frame.Payload.IsEmpty.ShouldBeFalse();
            _last[(int)frame.Kind] = frame.MediaTimeUs;
            FrameCount++;
        }

        public void OnState(RtcState state, CloseReason reason)
        {
        }
    }
}
