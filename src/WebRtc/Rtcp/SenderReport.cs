using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 3550, 6.4.1: which RTP timestamp the source's clock had at which wall clock time.</summary>
internal readonly ref struct SenderReport(ReadOnlySpan<byte> body, int reportCount)
{
    public const int FixedLength = 24;

    private readonly ReadOnlySpan<byte> _body = body;

    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public NtpTime Ntp => new(BinaryPrimitives.ReadUInt64BigEndian(_body[4..]));

    public uint RtpTimestamp => BinaryPrimitives.ReadUInt32BigEndian(_body[12..]);

    public uint PacketCount => BinaryPrimitives.ReadUInt32BigEndian(_body[16..]);

    /// <summary>Of payload.</summary>
    public uint OctetCount => BinaryPrimitives.ReadUInt32BigEndian(_body[20..]);

    public ReportBlocks Reports => new(_body.Slice(FixedLength, reportCount * ReportBlock.Length));
}
