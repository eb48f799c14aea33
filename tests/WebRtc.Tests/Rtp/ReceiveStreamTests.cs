namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>Order, loss and retransmission, through the whole receiver, with a scripted clock.</summary>
public sealed class ReceiveStreamTests
{
    private const int First = 65_530; // Everything here crosses the wrap.

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(new[] { 0, 2, 1, 4, 3, 6, 5, 8, 7, 9 })]
    [InlineData(new[] { 0, 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    [InlineData(new[] { 0, 0, 1, 1, 3, 3, 2, 2, 2, 4, 7, 6, 5, 5, 9, 8, 9 })]
    public void Packets_leave_in_order_once_whatever_order_they_come_in(int[] order)
    {
        var rig = new ReceiverRig();

        foreach (var number in order)
            rig.Audio(First + number, (uint)(number * 960));

        rig.Events.Audio.Select(frame => frame.MediaTimeUs).ShouldBe(Enumerable.Range(0, 10).Select(number => number * 20_000L));
        rig.Events.Audio.ShouldAllBe(frame => frame.LostBefore == 0);
        rig.Receiver.Snapshot().Audio!.DuplicateCount.ShouldBe(order.Length - 10);
    }

    [Fact]
    public void Packets_without_loss_before_them_leave_at_once()
    {
        var rig = new ReceiverRig();

        rig.Audio(First, 0);
        rig.Audio(First + 1, 960);

        rig.Events.Frames.ShouldAllBe(frame => frame.At == rig.Now);
        rig.Events.Frames.Count.ShouldBe(2);
    }

    [Fact]
    public void Lost_sound_is_given_up_after_the_hold_and_counted()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Audio with { Feedback = RtcpFeedbackKinds.Nack }));
        rig.Audio(First, 0);
        rig.Audio(First + 4, 4 * 960);

        rig.Wait(1499);
        rig.Events.Frames.Count.ShouldBe(1);
        rig.Wait(2);

        rig.Events.Frames.Count.ShouldBe(2);
        rig.Events.Frames[1].LostBefore.ShouldBe(3);
        rig.Events.Frames[1].MediaTimeUs.ShouldBe(80_000);
        rig.Receiver.Snapshot().Audio!.LostCount.ShouldBe(3);
    }

    [Fact]
    public void Where_nothing_can_be_asked_for_the_wait_is_half_a_second()
    {
        var rig = new ReceiverRig();
        rig.Audio(First, 0);
        rig.Audio(First + 2, 2 * 960);

        rig.Wait(499);
        rig.Events.Frames.Count.ShouldBe(1);
        rig.Wait(2);

        rig.Events.Frames.Count.ShouldBe(2);
        rig.Nacks.ShouldBeEmpty();
    }

    [Fact]
    public void A_packet_after_it_was_given_up_is_late_and_changes_nothing()
    {
        var rig = new ReceiverRig();
        rig.Audio(First, 0);
        rig.Audio(First + 2, 2 * 960);
        rig.Wait(600);

        rig.Audio(First + 1, 960);

        rig.Events.Frames.Select(frame => frame.MediaTimeUs).ShouldBe([0, 40_000]);
    }

    [Fact]
    public void A_retransmission_fills_the_gap_in_its_place()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Picture(First + 2, 6000);
        rig.Wait(16);
        rig.Nacks.ShouldHaveSingleItem().Sequence.ShouldBe((ushort)(First + 1));

        rig.Retransmit(500, First + 1, 3000, Payloads.Vp8(key: false));

        rig.Events.Video.Select(frame => frame.MediaTimeUs).ShouldBe([0, 33_333, 66_667]);
        var statistics = rig.Receiver.Snapshot().Video!;
        (statistics.RecoveredCount, statistics.LostCount, statistics.NackCount).ShouldBe((1, 0, 1));
    }

    [Fact]
    public void A_resend_with_the_packet_s_own_source_and_number_fills_the_gap_too()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { RtxPayloadType = null }));
        rig.Picture(First, 0, key: true);
        rig.Picture(First + 2, 6000);
        rig.Wait(16);

        rig.Picture(First + 1, 3000);

        rig.Events.Video.Count().ShouldBe(3);
        rig.Receiver.Snapshot().Video!.RecoveredCount.ShouldBe(1);
    }

    [Fact]
    public void Padding_in_the_retransmission_source_and_packets_sent_again_unasked_change_nothing()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Rtp(TestSession.RtxType, 500, 0, TestSession.RtxSsrc, [], mid: TestSession.VideoMid, padding: 200);
        rig.Retransmit(501, First, 0, Payloads.Vp8(key: true));
        rig.Picture(First + 1, 3000);

        rig.Events.Video.Count().ShouldBe(2);
        var statistics = rig.Receiver.Snapshot().Video!;
        (statistics.RecoveredCount, statistics.DuplicateCount).ShouldBe((0, 1));
    }

    [Fact]
    public void Padding_counts_as_received_and_completes_nothing()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Rtp(TestSession.VideoType, First + 1, 0, TestSession.VideoSsrc, [], padding: 255);
        rig.Picture(First + 2, 3000);
        rig.Wait(3000);

        rig.Events.Video.Count().ShouldBe(2);
        rig.Events.Video.ShouldAllBe(frame => frame.LostBefore == 0);
        rig.Nacks.ShouldBeEmpty();
        rig.Reports.Where(report => report.Block.Ssrc == TestSession.VideoSsrc).ShouldAllBe(report => report.Block.CumulativeLost == 0);
    }

    [Fact]
    public void A_lost_picture_costs_everything_up_to_the_next_key_frame()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true, pictureId: 100);
        rig.Picture(First + 2, 6000, pictureId: 102);
        rig.Picture(First + 3, 9000, pictureId: 103);
        var lostAt = rig.Now;
        rig.Wait(3000);

        rig.Plis[0].At.ShouldBeLessThan(lostAt + TimeSpan.FromMilliseconds(700));
        rig.Picture(First + 4, 12_000, pictureId: 104);
        rig.Picture(First + 5, 15_000, key: true, pictureId: 105);
        rig.Picture(First + 6, 18_000, pictureId: 106);

        rig.Events.Video.Select(frame => frame.LostBefore).ShouldBe([0, 4, 0]);
        rig.Receiver.Snapshot().Video!.DroppedFrameCount.ShouldBe(3);
    }

    [Fact]
    public void A_key_frame_is_asked_for_while_a_packet_that_does_not_come_is_still_waited_for()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Picture(First + 2, 6000);
        rig.Wait(1000); // Five requests: 15 + 100 + 130 + 169 + 220 ms.
        rig.Plis.Count.ShouldBe(1);
        rig.Picture(First + 3, 9000, key: true);
        rig.Picture(First + 4, 12_000);
        rig.Events.Video.Count().ShouldBe(1);

        rig.Wait(2000);

        rig.Events.Video.Select(frame => (frame.KeyFrame, frame.LostBefore)).ShouldBe([(true, 0), (true, 1), (false, 0)]);
        rig.Plis.Count.ShouldBe(1);
    }

    [Fact]
    public void After_an_outage_a_key_frame_is_asked_for_at_once()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Wait(3000);
        rig.Picture(First + 300, 300_000);
        rig.Wait(20);

        rig.Plis.Count.ShouldBe(1);
    }

    [Fact]
    public void A_packet_that_no_request_brings_is_given_up_before_the_hold_ends()
    {
        var rig = new ReceiverRig();
        rig.Picture(First, 0, key: true);
        rig.Picture(First + 2, 6000);
        rig.Wait(16);
        rig.Retransmit(1, First + 1, 3000, Payloads.Vp8(key: false)); // A round trip of 1 ms.
        rig.Picture(First + 4, 12_000);

        rig.Wait(1000);

        rig.Nacks.Count(nack => nack.Sequence == unchecked((ushort)(First + 3))).ShouldBe(10);
        rig.Receiver.Snapshot().Video!.LostCount.ShouldBe(1);
    }

    [Fact]
    public void A_jump_of_more_than_3000_begins_anew_with_the_second_packet()
    {
        var rig = new ReceiverRig();
        rig.Audio(100, 0);
        rig.Audio(101, 960);
        rig.Audio(20_000, 1_000_000);
        rig.Events.Frames.Count.ShouldBe(2);
        rig.Audio(20_001, 1_000_960);
        rig.Audio(20_002, 1_001_920);

        rig.Events.Frames.Count.ShouldBe(4);
        rig.Events.Frames[2].LostBefore.ShouldBe(19_899);
        rig.Events.Frames[3].LostBefore.ShouldBe(0);
    }

    [Fact]
    public void One_packet_with_a_wild_number_changes_nothing()
    {
        var rig = new ReceiverRig();
        rig.Audio(100, 0);
        rig.Audio(40_000, 960);
        rig.Audio(101, 960);
        rig.Audio(50_000, 960);
        rig.Audio(102, 1920);

        rig.Events.Frames.Select(frame => (frame.MediaTimeUs, frame.LostBefore)).ShouldBe([(0, 0), (20_000, 0), (40_000, 0)]);
    }

    [Fact]
    public void A_gap_of_more_than_a_thousand_is_not_waited_for()
    {
        var rig = new ReceiverRig();
        rig.Picture(100, 0, key: true);
        rig.Picture(2000, 600_000);

        rig.Receiver.Snapshot().Video!.LostCount.ShouldBe(1899);
        rig.Plis.Count.ShouldBe(1);
        rig.Wait(100);
        rig.Nacks.ShouldBeEmpty();
    }

    [Fact]
    public void What_waits_is_bounded_by_number_and_the_oldest_is_given_up()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Audio with { Feedback = RtcpFeedbackKinds.Nack }));
        rig.Audio(100, 0);
        for (var number = 2; number < 400; number++)
            rig.Audio(100 + number, (uint)(number * 960));

        rig.Events.Frames.Count.ShouldBe(399);
        rig.Events.Frames[1].LostBefore.ShouldBe(1);
    }

    [Fact]
    public void Flush_hands_on_what_is_held()
    {
        var rig = new ReceiverRig();
        rig.Audio(100, 0);
        rig.Audio(102, 1920);
        rig.Audio(104, 3840);

        rig.Receiver.Flush(rig.Now);

        rig.Events.Frames.Select(frame => frame.LostBefore).ShouldBe([0, 1, 1]);
    }

    [Fact]
    public void A_stream_whose_first_packets_changed_places_begins_with_the_one_sent_first()
    {
        var rig = new ReceiverRig();
        var frame = Payloads.Vp8Frame(key: true, 30);
        rig.Rtp(TestSession.VideoType, 12, 0, TestSession.VideoSsrc, [.. Payloads.Descriptor(starts: false), .. frame[20..]], marker: true, TestSession.VideoMid);
        rig.Rtp(TestSession.VideoType, 11, 0, TestSession.VideoSsrc, [.. Payloads.Descriptor(starts: false), .. frame[10..20]], marker: false, TestSession.VideoMid);
        rig.Wait(100);
        rig.Rtp(TestSession.VideoType, 10, 0, TestSession.VideoSsrc, [.. Payloads.Descriptor(starts: true), .. frame[..10]], marker: false, TestSession.VideoMid);

        rig.Events.Video.ShouldHaveSingleItem().Payload.ShouldBe(frame);
    }

    [Fact]
    public void A_stream_without_a_beginning_is_waited_for_no_longer_than_a_moment()
    {
        var rig = new ReceiverRig();
        rig.Picture(10, 0);
        rig.Wait(200);
        rig.Picture(12, 6000);
        rig.Wait(150);
        rig.Picture(11, 3000);
        rig.Picture(13, 9000, key: true);

        rig.Events.Video.ShouldHaveSingleItem().MediaTimeUs.ShouldBe(0);
        rig.Receiver.Snapshot().Video!.DroppedFrameCount.ShouldBe(3);
        rig.Receiver.Snapshot().Video!.LostCount.ShouldBe(0);
    }

    [Fact]
    public void A_gap_of_more_than_a_thousand_before_the_beginning_costs_what_was_in_it_and_nothing_later()
    {
        var rig = new ReceiverRig();
        rig.Picture(10, 0);
        foreach (var number in (int[])[1020, 1021, 1022])
            rig.Picture(number, (uint)(number * 3000));
        rig.Wait(310);
        var lost = rig.Receiver.Snapshot().Video!.LostCount;

        rig.Picture(1023, 1023 * 3000, key: true);
        for (var number = 1024; number < 1124; number++)
        {
            rig.Wait(33);
            rig.Picture(number, (uint)(number * 3000));
        }

        lost.ShouldBe(1009);
        rig.Receiver.Snapshot().Video!.LostCount.ShouldBe(lost);
        rig.Nacks.ShouldBeEmpty();
        rig.Events.Video.Count().ShouldBe(101);
    }
}
