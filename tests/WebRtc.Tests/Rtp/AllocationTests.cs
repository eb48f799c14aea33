using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class AllocationTests
{
    private const int Parts = 8;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 10)]
    [InlineData(true, 10)]
    public void Receiving_allocates_nothing_a_packet(bool h264, int lossPercent)
    {
        var video = TestSession.Video with { Codec = h264 ? RtpCodec.H264 : RtpCodec.Vp8 };
        var events = new FrameCounter();
        using var receiver = new MediaReceiver(TestSession.Of(TestSession.Audio, video), new MediaReceiverOptions(), events, TestSession.LocalSsrc, "cname");
        var script = PacketScript.Make(40, h264);
        var random = new Random(3);
        var fates = script.Select(_ => random.Next(100)).ToArray();
        var retransmissions = script.Select((packet, number) => PacketScript.Retransmission(packet.Packet, number)).ToArray();
        var rtcp = new byte[1200];
        var half = script.Count / 2;

        Play(0, half);
        var least = long.MaxValue;
        for (var part = 0; part < Parts; part++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Play(half + part * half / Parts, half + (part + 1) * half / Parts);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // What is allocated a packet is so in every part. Buffers are made whenever more packets wait than ever before, and a collection in another test counts the rest of a block.
        least.ShouldBe(0);
        events.Count.ShouldBeGreaterThan(1500);

        void Play(int from, int to)
        {
            for (var number = from; number < to; number++)
            {
                var now = new Instant(1_000_000) + script[number].At;
                if (fates[number] >= 2 * lossPercent)
                    receiver.ReceiveRtp(script[number].Packet, now);
                else if (fates[number] < lossPercent && script[number].Packet.Length > 200)
                    receiver.ReceiveRtp(retransmissions[number], now + TimeSpan.FromMilliseconds(60));
                else if (number + 3 < to)
                    (script[number], script[number + 3]) = (script[number + 3] with { At = script[number].At }, script[number] with { At = script[number + 3].At });
                receiver.Advance(now);
                while (receiver.WriteRtcp(rtcp, now) > 0)
                {
                }
            }
        }
    }

    [Fact]
    public void Buffers_for_what_waits_are_used_again()
    {
        var buffer = new ReorderBuffer(64);
        for (var round = 0; round < 100; round++)
        {
            for (var number = 0; number < 10; number++)
                buffer.Hold(round * 10 + number, 0, false, new Instant(0), new byte[100]);
            for (var number = 0; number < 10; number++)
                buffer.TryTake(round * 10 + number, out _).ShouldBeTrue();
        }

        buffer.BufferCount.ShouldBe(10);
    }
}
