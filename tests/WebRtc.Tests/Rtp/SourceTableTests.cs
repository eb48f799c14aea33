using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class SourceTableTests
{
    [Fact]
    public void A_source_is_bound_by_its_mid_and_stays_bound_without_it()
    {
        var rig = new ReceiverRig();
        rig.Rtp(TestSession.VideoType, 1, 0, 5, Payloads.Vp8(true), true, TestSession.VideoMid);
        rig.Rtp(TestSession.VideoType, 2, 3000, 5, Payloads.Vp8(false), true);

        rig.Events.Video.Count().ShouldBe(2);
    }

    [Fact]
    public void Without_a_mid_the_signalled_source_counts_and_then_the_payload_type()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Audio, TestSession.Video with { Ssrc = 5, RtxSsrc = 6 }));
        rig.Rtp(TestSession.VideoType, 1, 0, 5, Payloads.Vp8(true), true);
        rig.Rtp(TestSession.VideoType, 3, 6000, 5, Payloads.Vp8(false), true);
        rig.Rtp(TestSession.RtxType, 9, 3000, 6, [0, 2, .. Payloads.Vp8(false)], true);
        rig.Rtp(TestSession.OpusType, 1, 0, 7, Payloads.Opus(1));

        rig.Events.Video.Count().ShouldBe(3);
        rig.Events.Audio.Count().ShouldBe(1);
    }

    [Fact]
    public void A_section_that_was_not_answered_is_not_heard()
    {
        var rig = new ReceiverRig();
        rig.Rtp(TestSession.VideoType, 1, 0, 5, Payloads.Vp8(true), true, "9"u8.ToArray());
        rig.Rtp(77, 1, 0, 6, Payloads.Vp8(true), true);

        rig.Events.Frames.ShouldBeEmpty();
        rig.Receiver.DiscardedCount.ShouldBe(2);
    }

    [Fact]
    public void Of_a_simulcast_only_the_answered_layer_and_its_retransmissions_are_taken()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { Rid = "l" }));
        Layer(5, "h", 1, 0);
        Layer(6, "l", 1, 0);
        Layer(6, "l", 3, 6000);
        rig.Rtp(TestSession.RtxType, 1, 3000, 15, [0, 2, .. Payloads.Vp8(false, 1)], true, TestSession.VideoMid, repairedRid: "h"u8.ToArray());
        rig.Rtp(TestSession.RtxType, 1, 3000, 16, [0, 2, .. Payloads.Vp8(false, 2)], true, TestSession.VideoMid, repairedRid: "l"u8.ToArray());
        rig.Rtp(TestSession.VideoType, 1, 0, 8, Payloads.Vp8(true), true, TestSession.VideoMid); // Which layer it is, it does not say.

        rig.Events.Video.Count().ShouldBe(3);
        rig.Receiver.DiscardedCount.ShouldBe(3);

        void Layer(uint ssrc, string rid, int sequence, uint timestamp) =>
            rig.Rtp(TestSession.VideoType, sequence, timestamp, ssrc, Payloads.Vp8(sequence == 1), true, TestSession.VideoMid, System.Text.Encoding.ASCII.GetBytes(rid));
    }

    [Fact]
    public void An_ignored_layer_is_known_before_it_is_decrypted()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { Rid = "l" }));
        rig.Rtp(TestSession.VideoType, 1, 0, 5, Payloads.Vp8(true), true, TestSession.VideoMid, "h"u8.ToArray());

        rig.Receiver.IsInteresting(Header(TestSession.VideoType, 5), rig.Now).ShouldBeFalse();
        rig.Receiver.IsInteresting(Header(TestSession.VideoType, 6), rig.Now).ShouldBeTrue();
        rig.Receiver.IsInteresting(Header(TestSession.RtxType, 7), rig.Now).ShouldBeTrue();
        rig.Receiver.IsInteresting(Header(99, 7), rig.Now).ShouldBeFalse();
        rig.Receiver.IsInteresting([0x80, 96], rig.Now).ShouldBeFalse();
    }

    [Fact]
    public void Another_source_takes_over_at_once_and_the_timeline_goes_on()
    {
        var rig = new ReceiverRig();
        for (var number = 0; number < 50; number++, rig.Wait(20))
            rig.Audio(number, (uint)(number * 960), ssrc: 5);
        for (var number = 0; number < 50; number++, rig.Wait(20))
            rig.Audio(40_000 + number, (uint)(3_000_000_000 + number * 960), ssrc: 6);

        rig.Events.Audio.Select(frame => frame.MediaTimeUs).ShouldBe(Enumerable.Range(0, 100).Select(number => number * 20_000L));
        rig.Events.Audio.ShouldAllBe(frame => frame.LostBefore == 0);
    }

    [Fact]
    public void Another_source_of_pictures_begins_with_a_key_frame_that_is_asked_for()
    {
        var rig = new ReceiverRig();
        rig.Picture(1, 0, key: true, ssrc: 5);
        rig.Wait(400);
        rig.Picture(1, 777, ssrc: 6);

        rig.Events.Video.Count().ShouldBe(1);
        rig.Plis.ShouldHaveSingleItem().Ssrc.ShouldBe(6u);
        rig.Picture(2, 3777, key: true, ssrc: 6);
        rig.Events.Video.Count().ShouldBe(2);
    }

    [Fact]
    public void Two_sources_that_send_at_once_do_not_take_turns()
    {
        var rig = new ReceiverRig();
        for (var number = 0; number < 100; number++, rig.Wait(20))
        {
            rig.Audio(number, (uint)(number * 960), ssrc: 5);
            rig.Audio(number, (uint)(number * 960), ssrc: 6);
        }

        rig.Events.Audio.Count().ShouldBe(101);
    }

    [Fact]
    public void A_source_that_was_displaced_comes_back_when_the_other_is_silent()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 0, ssrc: 5);
        rig.Audio(1, 0, ssrc: 6);
        rig.Wait(1100);
        rig.Audio(60, 57_600, ssrc: 5);

        rig.Events.Audio.Count().ShouldBe(3);
    }

    [Fact]
    public void A_peer_with_keys_cannot_make_more_sources_than_the_limit()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 0);
        rig.Picture(1, 0, key: true);
        for (var ssrc = 1000u; ssrc < 3000; ssrc++)
            rig.Rtp(TestSession.RtxType, 1, 0, ssrc, [0, 0, 1], mid: TestSession.VideoMid);
        rig.Audio(2, 960);

        rig.Receiver.DiscardedCount.ShouldBeGreaterThan(1900);
        rig.Events.Audio.Count().ShouldBe(2);
    }

    private static byte[] Header(byte payloadType, uint ssrc)
    {
        var buffer = new byte[40];
        var writer = new RtpPacketWriter(buffer, payloadType, 1, 0, ssrc);
        writer.WritePayload(new byte[20]);
        return buffer[..writer.Length];
    }
}
