using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>A receiver with a scripted clock: packets in, frames and RTCP out.</summary>
internal sealed class ReceiverRig
{
    private readonly byte[] _buffer = new byte[2048];
    private readonly byte[] _rtcp = new byte[1200];

    public ReceiverRig(NegotiatedSession? session = null, MediaReceiverOptions? options = null)
    {
        Receiver = new MediaReceiver(
            session ?? TestSession.Of(TestSession.Audio, TestSession.Video), options ?? new MediaReceiverOptions { KeyFramePeriod = TimeSpan.Zero }, Events, TestSession.LocalSsrc, "cname");
    }

    public FrameCollector Events { get; } = new();

    public MediaReceiver Receiver { get; }

    public Instant Now { get; private set; } = new(5_000_000);

    /// <summary>Packets asked for again, with the time of the request.</summary>
    public List<(uint Ssrc, ushort Sequence, Instant At)> Nacks { get; } = [];

    public List<(uint Ssrc, Instant At)> Plis { get; } = [];

    public List<(uint Ssrc, byte Command, Instant At)> Firs { get; } = [];

    public List<(ReportBlock Block, Instant At)> Reports { get; } = [];

    public List<ulong> Rembs { get; } = [];

    /// <summary>Transport-wide sequence numbers that were reported as received.</summary>
    public List<ushort> TransportReceived { get; } = [];

    public List<byte[]> Compounds { get; } = [];

    public void Rtp(
        byte payloadType, int sequence, uint timestamp, uint ssrc, ReadOnlySpan<byte> payload, bool marker = false, byte[]? mid = null, byte[]? rid = null, byte[]? repairedRid = null,
        int transportSequence = -1, byte padding = 0, byte? rotation = null, byte? level = null)
    {
        var writer = new RtpPacketWriter(_buffer, payloadType, (ushort)sequence, timestamp, ssrc, marker);
        if (mid is not null)
            writer.AddExtension(TestSession.Extensions.Mid, mid);
        if (rid is not null)
            writer.AddExtension(TestSession.Extensions.Rid, rid);
        if (repairedRid is not null)
            writer.AddExtension(TestSession.Extensions.RepairedRid, repairedRid);
        if (transportSequence >= 0)
            writer.AddExtension(TestSession.Extensions.TransportSequence, [(byte)(transportSequence >> 8), (byte)transportSequence]);
        if (rotation is { } turned)
            writer.AddExtension(TestSession.Extensions.VideoOrientation, [turned]);
        if (level is { } loud)
            writer.AddExtension(TestSession.Extensions.AudioLevel, [loud]);
        writer.WritePayload(payload, padding);
        Deliver(_buffer.AsSpan(0, writer.Length));
    }

    public void Deliver(ReadOnlySpan<byte> packet)
    {
        Events.Now = Now;
        Receiver.ReceiveRtp(packet, Now);
        Settle();
    }

    public void Audio(int sequence, uint timestamp, uint ssrc = TestSession.AudioSsrc) =>
        Rtp(TestSession.OpusType, sequence, timestamp, ssrc, Payloads.Opus(sequence), mid: TestSession.AudioMid);

    /// <summary>A VP8 frame in one packet.</summary>
    public void Picture(int sequence, uint timestamp, bool key = false, uint ssrc = TestSession.VideoSsrc, int pictureId = -1) =>
        Rtp(TestSession.VideoType, sequence, timestamp, ssrc, Payloads.Vp8(key, pictureId), marker: true, mid: TestSession.VideoMid);

    public void Retransmit(int rtxSequence, int original, uint timestamp, ReadOnlySpan<byte> payload, bool marker = true) =>
        Rtp(TestSession.RtxType, rtxSequence, timestamp, TestSession.RtxSsrc, [(byte)(original >> 8), (byte)original, .. payload], marker, TestSession.VideoMid);

    public void SenderReport(uint ssrc, long ntpUnixUs, uint timestamp)
    {
        var writer = new RtcpWriter(_buffer);
        writer.WriteSenderReport(ssrc, NtpTime.FromUnixMicroseconds(ntpUnixUs), timestamp, 0, 0);
        Receiver.ReceiveRtcp(_buffer.AsSpan(0, writer.Length), Now);
        Settle();
    }

    public void Bye(params uint[] ssrcs)
    {
        var writer = new RtcpWriter(_buffer);
        writer.WriteReceiverReport(ssrcs[0], []);
        writer.WriteBye(ssrcs);
        Receiver.ReceiveRtcp(_buffer.AsSpan(0, writer.Length), Now);
    }

    /// <summary>Time passes: every deadline on the way is met when it is due.</summary>
    public void Wait(double milliseconds)
    {
        var end = Now + TimeSpan.FromMilliseconds(milliseconds);
        for (var rounds = 0; Receiver.NextDeadline <= end; rounds++)
        {
            rounds.ShouldBeLessThan(100_000, "A deadline was met and did not move.");
            Now = Instant.Max(Now, Receiver.NextDeadline);
            Settle();
        }

        Now = end;
        Settle();
    }

    private void Settle()
    {
        Events.Now = Now;
        Receiver.Advance(Now);
        while (Receiver.WriteRtcp(_rtcp, Now) is > 0 and var length)
            Read(_rtcp.AsSpan(0, length));
    }

    private void Read(ReadOnlySpan<byte> compound)
    {
        Compounds.Add(compound.ToArray());
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out var block))
        {
            switch (block.Kind)
            {
                case RtcpKind.ReceiverReport:
                    for (var index = 0; index < block.ReceiverReport.Reports.Count; index++)
                        Reports.Add((block.ReceiverReport.Reports[index], Now));
                    break;
                case RtcpKind.Nack:
                    foreach (var sequence in block.Nack)
                        Nacks.Add((block.Nack.MediaSsrc, sequence, Now));
                    break;
                case RtcpKind.Pli:
                    Plis.Add((block.Pli.MediaSsrc, Now));
                    break;
                case RtcpKind.Fir:
                    Firs.Add((block.Fir.GetEntry(0).MediaSsrc, block.Fir.GetEntry(0).CommandSequence, Now));
                    break;
                case RtcpKind.Remb:
                    Rembs.Add(block.Remb.BitrateBps);
                    break;
                case RtcpKind.TransportFeedback:
                    foreach (var arrival in block.TransportFeedback)
                    {
                        if (arrival.Received)
                            TransportReceived.Add(arrival.Sequence);
                    }

                    break;
                case RtcpKind.Malformed:
                    throw new InvalidDataException("We wrote malformed RTCP.");
            }
        }

        reader.Truncated.ShouldBeFalse();
    }
}
