using System.Buffers.Binary;
using MediaScore.Peers.Network;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>A sender that answers requests as browsers do, behind an emulated network in both directions.</summary>
public sealed class BadNetworkTests
{
    private const double Seconds = 60;

    public static TheoryData<string, NetworkConditions, double> Networks => new()
    {
        { "perfect", NetworkConditions.Perfect, 100 },
        { "loss 2 %", new NetworkConditions { LossPercent = 2, Delay = TimeSpan.FromMilliseconds(30) }, 100 },
        { "loss 10 %", new NetworkConditions { LossPercent = 10, Delay = TimeSpan.FromMilliseconds(30) }, 100 },
        { "loss 20 %", new NetworkConditions { LossPercent = 20, Delay = TimeSpan.FromMilliseconds(30) }, 99.5 },
        { "loss in runs of 10", new NetworkConditions { LossPercent = 10, LossBurst = 10, Delay = TimeSpan.FromMilliseconds(30) }, 99 },
        { "jitter 300 ms, overtaking", new NetworkConditions { Jitter = TimeSpan.FromMilliseconds(300), Delay = TimeSpan.FromMilliseconds(20) }, 100 },
        { "reordering and duplicates", new NetworkConditions { ReorderPercent = 20, DuplicatePercent = 20, Delay = TimeSpan.FromMilliseconds(20) }, 100 },
        { "outage of a second", new NetworkConditions { Delay = TimeSpan.FromMilliseconds(20), Outages = [new Outage(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1))] }, 98 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_was_sent_is_recovered_and_every_picture_is_whole(string name, NetworkConditions conditions, double atLeastPercent)
    {
        var rig = new ReceiverRig(TestSession.Of(TestSession.Audio with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.TransportCc }, TestSession.Video));
        var (up, down) = (new NetworkEmulator(conditions, 1), new NetworkEmulator(conditions, 2));
        var script = PacketScript.Make(Seconds);
        var history = new Dictionary<(uint Ssrc, ushort Sequence), byte[]>();
        var start = rig.Now;
        var (next, asked, rtx) = (0, 0, 0);
        var (buffer, ended) = (new byte[2048], false);

        for (var milliseconds = 0; milliseconds < Seconds * 1000 + 4000; milliseconds++)
        {
            for (; next < script.Count && start + script[next].At <= rig.Now; next++)
            {
                RtpPacket.TryParse(script[next].Packet, out var packet).ShouldBeTrue();
                history[(packet.Ssrc, packet.SequenceNumber)] = script[next].Packet;
                up.Send(script[next].Packet, default, rig.Now);
            }

            for (; asked < rig.Nacks.Count; asked++)
            {
                var request = new byte[6];
                BinaryPrimitives.WriteUInt32BigEndian(request, rig.Nacks[asked].Ssrc);
                BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), rig.Nacks[asked].Sequence);
                down.Send(request, default, rig.Now);
            }

            while (down.TryReceive(rig.Now, buffer, out _, out _))
            {
                var key = (BinaryPrimitives.ReadUInt32BigEndian(buffer), BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(4)));
                if (history.TryGetValue(key, out var packet))
                    up.Send(key.Item1 == TestSession.VideoSsrc ? PacketScript.Retransmission(packet, rtx++) : packet, default, rig.Now);
            }

            while (up.TryReceive(rig.Now, buffer, out var length, out _))
                rig.Deliver(buffer.AsSpan(0, length));
            rig.Wait(1);
            ended = next == script.Count;
        }

        ended.ShouldBeTrue();
        var (audio, video) = rig.Receiver.Snapshot();
        rig.Events.Audio.Count().ShouldBeGreaterThanOrEqualTo((int)(Seconds * 50 * atLeastPercent / 100), name);
        rig.Events.Video.Count().ShouldBeGreaterThanOrEqualTo((int)(Seconds * 30 * (atLeastPercent < 100 ? atLeastPercent - 4 : 100) / 100), name);
        rig.Events.Video.ShouldAllBe(frame => frame.Payload.Length == (frame.KeyFrame ? PacketScript.KeyFrameBytes : PacketScript.PictureBytes));
        foreach (var kind in (IEnumerable<ReceivedFrame>[])[rig.Events.Audio, rig.Events.Video])
            kind.Zip(kind.Skip(1)).ShouldAllBe(pair => pair.First.MediaTimeUs < pair.Second.MediaTimeUs);
        TestContext.Current.SendDiagnosticMessage(
            $"{name}: sound {rig.Events.Audio.Count()}/{Seconds * 50} lost {audio!.LostCount}, pictures {rig.Events.Video.Count()}/{Seconds * 30} lost {video!.LostCount}, "
            + $"recovered {audio.RecoveredCount + video.RecoveredCount}, requests {audio.NackCount + video.NackCount}, PLI {video.PliCount}, round trip {rig.Receiver.RoundTripTime?.TotalMilliseconds:F0} ms");
    }
}
