using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class MediaReceiverTests
{
    [Fact]
    public void Nothing_is_handed_on_before_the_first_key_frame_which_is_asked_for_until_it_comes()
    {
        var rig = new ReceiverRig();
        for (var number = 0; number < 60; number++)
        {
            rig.Picture(number, (uint)(number * 3000));
            rig.Wait(33);
        }

        rig.Events.Frames.ShouldBeEmpty();
        rig.Plis.Count.ShouldBe(3);
        rig.Picture(60, 180_000, key: true);
        rig.Wait(5000);

        rig.Events.Frames.ShouldHaveSingleItem().KeyFrame.ShouldBeTrue();
        rig.Events.Frames[0].LostBefore.ShouldBe(0);
        rig.Plis.Count.ShouldBe(3);
    }

    [Fact]
    public void Key_frames_are_asked_for_at_the_pace_that_the_analysis_wants()
    {
        var rig = new ReceiverRig(options: new MediaReceiverOptions { KeyFramePeriod = TimeSpan.FromSeconds(2) });
        var asked = 0;
        for (var number = 0; number < 900; number++)
        {
            // A sender that answers with its next picture, and whose pictures are large beside its key frames.
            var answers = rig.Plis.Count > asked;
            asked = rig.Plis.Count;
            rig.Picture(number, (uint)(number * 3000), key: answers || number == 0);
            rig.Wait(1000 / 30.0);
        }

        rig.Plis.Count.ShouldBeInRange(13, 15);
    }

    [Fact]
    public void Fir_is_sent_where_nothing_else_was_negotiated()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { Feedback = RtcpFeedbackKinds.Fir }));
        rig.Picture(1, 0);
        rig.Wait(800);

        rig.Plis.ShouldBeEmpty();
        rig.Firs.Select(fir => (fir.Ssrc, fir.Command)).ShouldBe([(TestSession.VideoSsrc, (byte)1), (TestSession.VideoSsrc, (byte)1)]);
    }

    [Fact]
    public void Reports_go_every_second_with_loss_jitter_and_the_sender_s_last_report()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 0);
        rig.SenderReport(TestSession.AudioSsrc, 1_764_000_000_000_000, 0);
        rig.Wait(500);
        rig.Audio(11, 9600);
        rig.Wait(3200);

        var reports = rig.Reports.Where(report => report.Block.Ssrc == TestSession.AudioSsrc).ToList();
        reports.Zip(reports.Skip(1)).ShouldAllBe(pair => pair.Second.At - pair.First.At == TimeSpan.FromSeconds(1));
        reports[1].Block.CumulativeLost.ShouldBe(9);
        reports[1].Block.HighestSequence.ShouldBe(11u);
        reports[1].Block.LastSenderReport.ShouldBe(NtpTime.FromUnixMicroseconds(1_764_000_000_000_000).Compact);
        NtpTime.FromCompact(reports[1].Block.DelaySinceLastSenderReport).TotalMilliseconds.ShouldBe(1200, 1);
    }

    [Fact]
    public void Every_packet_we_send_is_a_compound_that_begins_with_a_report_and_our_name()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 0);
        rig.Picture(1, 0);
        rig.Picture(5, 3000);
        rig.Wait(3000);

        rig.Compounds.Count.ShouldBeGreaterThan(5);
        foreach (var compound in rig.Compounds)
        {
            var reader = new RtcpReader(compound);
            reader.TryRead(out var first).ShouldBeTrue();
            first.Kind.ShouldBe(RtcpKind.ReceiverReport);
            reader.TryRead(out var second).ShouldBeTrue();
            second.Kind.ShouldBe(RtcpKind.Sdes);
        }
    }

    [Fact]
    public void Transport_feedback_covers_all_sources_and_the_layers_that_are_ignored_before_decryption()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Audio, TestSession.Video with { Rid = "l" }));
        rig.Rtp(TestSession.OpusType, 1, 0, TestSession.AudioSsrc, Payloads.Opus(1), mid: TestSession.AudioMid, transportSequence: 10);
        rig.Rtp(TestSession.VideoType, 1, 0, TestSession.VideoSsrc, Payloads.Vp8(true), true, TestSession.VideoMid, rid: "l"u8.ToArray(), transportSequence: 11);
        rig.Rtp(TestSession.VideoType, 1, 0, 999, Payloads.Vp8(true), true, TestSession.VideoMid, rid: "h"u8.ToArray(), transportSequence: 12);
        var buffer = new byte[200];
        var writer = new RtpPacketWriter(buffer, TestSession.VideoType, 2, 0, 999);
        writer.AddExtension(TestSession.Extensions.TransportSequence, [0, 13]);
        writer.WritePayload([1, 2, 3]);

        rig.Receiver.IsInteresting(buffer.AsSpan(0, writer.Length), rig.Now).ShouldBeFalse();
        rig.Wait(150);

        rig.TransportReceived.ShouldBe([10, 11, 12, 13]);
        rig.Events.Video.Count().ShouldBe(1);
        rig.Rembs.ShouldBeEmpty();
    }

    [Fact]
    public void What_nobody_authenticated_is_in_no_feedback()
    {
        var rig = new ReceiverRig();
        rig.Rtp(TestSession.OpusType, 1, 0, TestSession.AudioSsrc, Payloads.Opus(1), mid: TestSession.AudioMid, transportSequence: 10);
        var buffer = new byte[200];
        var writer = new RtpPacketWriter(buffer, 99, 2, 0, 999);
        writer.AddExtension(TestSession.Extensions.TransportSequence, [0x70, 0]);
        writer.WritePayload([1, 2, 3]);

        // A payload type that was not answered, from whoever can write the peer's address on a datagram: its number would begin the count anew.
        rig.Receiver.IsInteresting(buffer.AsSpan(0, writer.Length), rig.Now).ShouldBeFalse();
        rig.Rtp(TestSession.OpusType, 2, 960, TestSession.AudioSsrc, Payloads.Opus(2), mid: TestSession.AudioMid, transportSequence: 11);
        rig.Wait(150);

        rig.TransportReceived.ShouldBe([10, 11]);
    }

    [Fact]
    public void Remb_is_sent_where_only_that_was_negotiated_and_yields_to_loss()
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Video with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Remb }));
        rig.Picture(0, 0, key: true);
        for (var second = 0; second < 5; second++)
            rig.Wait(1000);
        rig.Rembs.Last().ShouldBeInRange(1_990_000ul, 2_000_000ul);

        for (var number = 1; number < 100; number++)
        {
            rig.Picture(number * 3, (uint)(number * 3000), key: true);
            rig.Wait(50);
        }

        rig.Rembs.Last().ShouldBeLessThan(1_000_000ul);
    }

    [Fact]
    public void The_session_has_left_when_every_source_said_so_and_is_back_with_the_next_packet()
    {
        var rig = new ReceiverRig();
        rig.Receiver.Bye.ShouldBeFalse();
        rig.Audio(1, 0);
        rig.Picture(1, 0, key: true);
        rig.Bye(TestSession.AudioSsrc);
        rig.Receiver.Bye.ShouldBeFalse();
        rig.Bye(TestSession.VideoSsrc, TestSession.RtxSsrc);
        rig.Receiver.Bye.ShouldBeTrue();

        rig.Audio(2, 960);
        rig.Receiver.Bye.ShouldBeFalse();
    }

    [Fact]
    public void Rotation_and_level_are_in_the_statistics()
    {
        var rig = new ReceiverRig();
        rig.Rtp(TestSession.OpusType, 1, 0, TestSession.AudioSsrc, Payloads.Opus(1), level: 0x80 | 42);
        rig.Rtp(TestSession.VideoType, 1, 0, TestSession.VideoSsrc, Payloads.Vp8(true), true, rotation: 1);

        var (audio, video) = rig.Receiver.Snapshot();
        audio!.AudioLevel.ShouldBe(-42);
        video!.Rotation.ShouldBe(90);
    }

    [Fact]
    public void Pictures_and_sound_meet_on_one_clock()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 1000);
        rig.Wait(1000);
        rig.Picture(1, 70_000, key: true);

        rig.Events.Video.Single().MediaTimeUs.ShouldBe(1_000_000);
    }

    [Fact]
    public void A_disposed_receiver_takes_and_sends_nothing()
    {
        var rig = new ReceiverRig();
        rig.Audio(1, 0);
        rig.Receiver.Dispose();
        rig.Audio(2, 960);
        rig.Wait(5000);

        rig.Events.Frames.Count.ShouldBe(1);
        rig.Receiver.NextDeadline.ShouldBe(Instant.Never);
    }
}
