using System.Buffers.Binary;
using System.Text;
using MediaScore.Peers.Packets;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.Peers.Sessions;

/// <summary>What is known only when a packet leaves.</summary>
/// <param name="TransportSequence">Counts all packets of the session (transport-wide congestion control).</param>
/// <param name="AbsoluteSendTime">24 bits, 6.18 seconds.</param>
internal readonly record struct SendStamp(ushort TransportSequence, uint AbsoluteSendTime);

/// <summary>One source (SSRC) and its retransmission stream: numbers, packets made, header extensions, counters. No clock, no keys.</summary>
internal sealed class SendStream
{
    // Six seconds of 600 kbit/s, twice as long as packets are kept (Chromium keeps 600 packets).
    private const int HistoryCapacity = 512;

    private const int OriginalSequenceLength = 2;

    private readonly byte[] _mid;
    private readonly byte[] _rid;
    private ushort _nextSequence;
    private ushort _nextRtxSequence;

    public SendStream(PeerAnswerMedia media, uint ssrc, uint rtxSsrc, IPacketizer packetizer, Random random, SenderOptions options, string? rid)
    {
        Media = media;
        Ssrc = ssrc;
        RtxSsrc = rtxSsrc;
        Packetizer = packetizer;
        _mid = Encoding.ASCII.GetBytes(media.Mid);
        Rid = rid;
        _rid = rid is null ? [] : Encoding.ASCII.GetBytes(rid);
        _nextSequence = options.FirstSequenceNumber ?? (ushort)random.Next(65536);
        _nextRtxSequence = (ushort)random.Next(65536);
        FirstTimestamp = options.FirstTimestamp ?? (uint)random.NextInt64(1L << 32);
    }

    public PeerAnswerMedia Media { get; }

    /// <summary>Name of the simulcast layer; null without simulcast.</summary>
    public string? Rid { get; }

    public uint Ssrc { get; }

    public uint RtxSsrc { get; }

    public IPacketizer Packetizer { get; }

    public uint FirstTimestamp { get; }

    public int ClockRate => Media.Kind == MediaKind.Audio ? 48_000 : 90_000;

    public PacketHistory History { get; } = new(HistoryCapacity);

    /// <summary>The server reported on this source, so it knows which MID and RID it has: browsers stop sending them then.</summary>
    public bool Known { get; set; }

    /// <summary>For sender reports: media packets and their payload bytes, retransmissions left out.</summary>
    public uint PacketCount { get; private set; }

    public uint OctetCount { get; private set; }

    public double FractionLost { get; set; }

    public uint TimestampOf(TimeSpan mediaTime) => FirstTimestamp + (uint)(ulong)((Int128)mediaTime.Ticks * ClockRate / TimeSpan.TicksPerSecond);

    /// <summary>Keeps a payload as the next packet.</summary>
    public KeptPacket Add(ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        var kept = History.Add(_nextSequence++, payload.Length);
        payload.CopyTo(kept.Payload);
        kept.Timestamp = timestamp;
        kept.Marker = marker;
        return kept;
    }

    /// <summary>Writes the packet as it leaves for the first time.</summary>
    public int WriteMedia(KeptPacket kept, in SendStamp stamp, Span<byte> packet)
    {
        var writer = new RtpPacketWriter(packet, Media.PayloadType, kept.SequenceNumber, kept.Timestamp, Ssrc, kept.Marker);
        AddExtensions(ref writer, kept, stamp, Media.Extensions.Rid);
        writer.WritePayload(kept.Payload.AsSpan(0, kept.PayloadLength));
        PacketCount++;
        OctetCount += (uint)kept.PayloadLength;
        return writer.Length;
    }

    /// <summary>Writes it once more in the retransmission stream (RFC 4588, 4): the original number before the payload.</summary>
    public int WriteRetransmission(KeptPacket kept, in SendStamp stamp, Span<byte> packet)
    {
        Span<byte> payload = stackalloc byte[OriginalSequenceLength + kept.PayloadLength];
        BinaryPrimitives.WriteUInt16BigEndian(payload, kept.SequenceNumber);
        kept.Payload.AsSpan(0, kept.PayloadLength).CopyTo(payload[OriginalSequenceLength..]);
        var writer = new RtpPacketWriter(packet, Media.RtxPayloadType!.Value, _nextRtxSequence++, kept.Timestamp, RtxSsrc, kept.Marker);
        AddExtensions(ref writer, kept, stamp, Media.Extensions.RepairedRid);
        writer.WritePayload(payload);
        return writer.Length;
    }

    /// <summary>Writes a packet of padding only in the retransmission stream, as browsers probe with.</summary>
    public int WriteProbe(uint timestamp, byte paddingLength, in SendStamp stamp, Span<byte> packet)
    {
        var writer = new RtpPacketWriter(packet, Media.RtxPayloadType!.Value, _nextRtxSequence++, timestamp, RtxSsrc);
        Span<byte> sequence = stackalloc byte[2];
        if (Media.Extensions.TransportSequence > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(sequence, stamp.TransportSequence);
            writer.AddExtension(Media.Extensions.TransportSequence, sequence);
        }

        writer.WritePayload([], paddingLength);
        return writer.Length;
    }

    private void AddExtensions(ref RtpPacketWriter writer, KeptPacket kept, in SendStamp stamp, byte ridId)
    {
        var ids = Media.Extensions;
        Span<byte> value = stackalloc byte[4];
        if (ids.AudioLevel > 0 && Media.Kind == MediaKind.Audio)
        {
            value[0] = (byte)((kept.Voice ? 0x80 : 0) | -kept.LevelDbov);
            writer.AddExtension(ids.AudioLevel, value[..1]);
        }

        if (ids.AbsoluteSendTime > 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value, stamp.AbsoluteSendTime << 8);
            writer.AddExtension(ids.AbsoluteSendTime, value[..3]);
        }

        if (ids.TransportSequence > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, stamp.TransportSequence);
            writer.AddExtension(ids.TransportSequence, value[..2]);
        }

        if (Known)
            return;
        if (ids.Mid > 0)
            writer.AddExtension(ids.Mid, _mid);
        if (ridId > 0 && _rid.Length > 0)
            writer.AddExtension(ridId, _rid);
    }
}
