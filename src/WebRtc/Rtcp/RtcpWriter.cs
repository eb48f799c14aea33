using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>
/// Writes RTCP packets one behind the other into the caller's buffer: a compound packet where the first is a report (RFC 3550, 6.1), else a reduced-size one (RFC 5506). A packet that does not
/// fit any more is not written, and the answer says so; the next datagram is for it.
/// </summary>
internal ref partial struct RtcpWriter(Span<byte> buffer)
{
    private const int HeaderLength = 4;
    private const int FeedbackLength = 12;
    private const int MaxCount = 31;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Of all packets so far.</summary>
    public int Length { get; private set; }

    /// <param name="blocks">31 at most.</param>
    public bool WriteReceiverReport(uint ssrc, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        if (!TryBegin(RtcpPacketTypes.ReceiverReport, blocks.Length, 8 + (blocks.Length * ReportBlock.Length), out var packet))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        Write(blocks, packet[8..]);
        return true;
    }

    /// <param name="blocks">31 at most.</param>
    public bool WriteSenderReport(uint ssrc, NtpTime ntp, uint rtpTimestamp, uint packetCount, uint octetCount, scoped ReadOnlySpan<ReportBlock> blocks = default)
    {
        var fixedLength = HeaderLength + SenderReport.FixedLength;
        if (!TryBegin(RtcpPacketTypes.SenderReport, blocks.Length, fixedLength + (blocks.Length * ReportBlock.Length), out var packet))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(packet[8..], ntp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], rtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], packetCount);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], octetCount);
        Write(blocks, packet[fixedLength..]);
        return true;
    }

    /// <param name="cname">255 bytes of UTF-8 at most.</param>
    public bool WriteSdesCname(uint ssrc, string cname)
    {
        var textLength = Encoding.UTF8.GetByteCount(cname);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(textLength, byte.MaxValue, nameof(cname));

        // SSRC, type, length, text, and one to four null bytes.
        var length = HeaderLength + 4 + (((2 + textLength) / 4 * 4) + 4);
        if (!TryBegin(RtcpPacketTypes.Sdes, 1, length, out var packet))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        packet[8..].Clear();
        packet[8] = SdesItems.Cname;
        packet[9] = (byte)textLength;
        Encoding.UTF8.GetBytes(cname, packet[10..]);
        return true;
    }

    /// <param name="sources">31 at most.</param>
    /// <param name="reason">255 bytes of UTF-8 at most.</param>
    public bool WriteBye(scoped ReadOnlySpan<uint> sources, string reason = "")
    {
        var textLength = Encoding.UTF8.GetByteCount(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(textLength, byte.MaxValue, nameof(reason));
        var reasonAt = HeaderLength + (4 * sources.Length);
        if (!TryBegin(RtcpPacketTypes.Bye, sources.Length, reasonAt + (textLength == 0 ? 0 : (1 + textLength + 3) / 4 * 4), out var packet))
            return false;
        for (var i = 0; i < sources.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(packet[(HeaderLength + (4 * i))..], sources[i]);
        if (textLength == 0)
            return true;
        packet[reasonAt..].Clear();
        packet[reasonAt] = (byte)textLength;
        Encoding.UTF8.GetBytes(reason, packet[(reasonAt + 1)..]);
        return true;
    }

    /// <param name="sequences">Ascending, in the sense of the 16-bit wrap.</param>
    /// <returns>How many were written: all, or those that fit.</returns>
    public int WriteNack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> sequences)
    {
        var itemRoom = (_buffer.Length - Length - FeedbackLength) / 4;
        if (sequences.IsEmpty || itemRoom < 1)
            return 0;
        var start = Length;
        var packet = _buffer[start..];
        var at = FeedbackLength;
        var done = 0;
        while (done < sequences.Length && itemRoom-- > 0)
        {
            var first = sequences[done++];
            var mask = 0;
            for (; done < sequences.Length && (ushort)(sequences[done] - first) is >= 1 and <= 16; done++)
                mask |= 1 << ((ushort)(sequences[done] - first) - 1);
            BinaryPrimitives.WriteUInt16BigEndian(packet[at..], first);
            BinaryPrimitives.WriteUInt16BigEndian(packet[(at + 2)..], (ushort)mask);
            at += 4;
        }

        TryBegin(RtcpPacketTypes.TransportFeedback, RtcpPacketTypes.NackFormat, at, out packet);
        WriteFeedbackSources(packet, senderSsrc, mediaSsrc);
        return done;
    }

    public bool WritePli(uint senderSsrc, uint mediaSsrc)
    {
        if (!TryBegin(RtcpPacketTypes.PayloadFeedback, RtcpPacketTypes.PliFormat, FeedbackLength, out var packet))
            return false;
        WriteFeedbackSources(packet, senderSsrc, mediaSsrc);
        return true;
    }

    /// <param name="commandSequence">One more with each new request, the same when a request is repeated.</param>
    public bool WriteFir(uint senderSsrc, uint mediaSsrc, byte commandSequence)
    {
        if (!TryBegin(RtcpPacketTypes.PayloadFeedback, RtcpPacketTypes.FirFormat, FeedbackLength + 8, out var packet))
            return false;
        WriteFeedbackSources(packet, senderSsrc, 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], mediaSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], (uint)commandSequence << 24);
        return true;
    }

    /// <param name="bitrateBps">Written with 18 bits of it, rounded down.</param>
    /// <param name="sources">255 at most.</param>
    public bool WriteRemb(uint senderSsrc, ulong bitrateBps, scoped ReadOnlySpan<uint> sources)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources.Length, byte.MaxValue, nameof(sources));
        if (!TryBegin(RtcpPacketTypes.PayloadFeedback, RtcpPacketTypes.ApplicationLayerFormat, FeedbackLength + 8 + (4 * sources.Length), out var packet))
            return false;
        WriteFeedbackSources(packet, senderSsrc, 0);
        var exponent = Math.Max(0, 64 - 18 - BitOperations.LeadingZeroCount(bitrateBps));
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], RtcpPacketTypes.RembIdentifier);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], ((uint)sources.Length << 24) | ((uint)exponent << 18) | (uint)(bitrateBps >> exponent));
        for (var i = 0; i < sources.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(packet[(20 + (4 * i))..], sources[i]);
        return true;
    }

    private static void Write(scoped ReadOnlySpan<ReportBlock> blocks, Span<byte> bytes)
    {
        for (var i = 0; i < blocks.Length; i++)
            blocks[i].Write(bytes[(i * ReportBlock.Length)..]);
    }

    private static void WriteFeedbackSources(Span<byte> packet, uint senderSsrc, uint mediaSsrc)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], mediaSsrc);
    }

    /// <param name="length">Of the packet, a multiple of four.</param>
    private bool TryBegin(byte packetType, int format, int length, out Span<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(format, MaxCount);
        packet = default;
        if (length > _buffer.Length - Length)
            return false;
        packet = _buffer.Slice(Length, length);
        packet[0] = (byte)(0x80 | format);
        packet[1] = packetType;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        Length += length;
        return true;
    }
}
