using System.Buffers.Binary;
using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class RoundTripMeterTests
{
    private const uint LocalSsrc = 77;

    private readonly RoundTripMeter _meter = new();

    [Fact]
    public void The_answer_to_our_reference_time_gives_the_round_trip()
    {
        var sent = new Instant(123_456_789);
        var last = Send(sent);

        // RFC 3611, 4.5: the peer held it for 500 ms.
        Answer(LocalSsrc, last, 32_768, sent + TimeSpan.FromMilliseconds(560));

        _meter.Value!.Value.TotalMilliseconds.ShouldBe(60, 0.1);
    }

    [Fact]
    public void An_answer_to_somebody_else_or_to_nothing_says_nothing()
    {
        var sent = new Instant(123_456_789);
        var last = Send(sent);

        Answer(LocalSsrc + 1, last, 0, sent + TimeSpan.FromMilliseconds(60));
        Answer(LocalSsrc, 0, 0, sent + TimeSpan.FromMilliseconds(60));

        _meter.Value.ShouldBeNull();
    }

    [Fact]
    public void A_delay_longer_than_the_time_that_passed_counts_as_no_time()
    {
        var sent = new Instant(123_456_789);

        Answer(LocalSsrc, Send(sent), 65_536, sent + TimeSpan.FromMilliseconds(999));

        _meter.Value.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_peer_that_never_answers_is_asked_five_times()
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            _meter.WantsReferenceTime.ShouldBeTrue();
            Send(new Instant(1_000_000 * attempt));
        }

        _meter.WantsReferenceTime.ShouldBeFalse();
    }

    [Fact]
    public void Retransmissions_tell_until_a_better_answer_comes()
    {
        _meter.OnRetransmission(TimeSpan.FromMilliseconds(90));
        _meter.Value.ShouldBe(TimeSpan.FromMilliseconds(90));

        var sent = new Instant(123_456_789);
        Answer(LocalSsrc, Send(sent), 0, sent + TimeSpan.FromMilliseconds(10));
        _meter.OnRetransmission(TimeSpan.FromMilliseconds(900));

        _meter.Value!.Value.TotalMilliseconds.ShouldBe(80, 0.1);
    }

    private uint Send(Instant now)
    {
        var packet = new byte[RoundTripMeter.ReferenceTimeLength];
        _meter.WriteReferenceTime(packet, LocalSsrc, now);
        var reader = new RtcpReader(packet);
        reader.TryRead(out var block).ShouldBeTrue();
        block.PacketType.ShouldBe((byte)207);
        block.Body.Length.ShouldBe(16);
        return (uint)(BinaryPrimitives.ReadUInt64BigEndian(packet.AsSpan(12)) >> 16);
    }

    private void Answer(uint ssrc, uint last, uint delay, Instant now)
    {
        byte[] packet = [0x80, 207, 0, 5, 0, 0, 0, 9, 5, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), last);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(20), delay);
        var reader = new RtcpReader(packet);
        reader.TryRead(out var block).ShouldBeTrue();
        _meter.Read(block, LocalSsrc, now);
    }
}
