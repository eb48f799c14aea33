using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 3550, 6.4.2.</summary>
internal readonly ref struct ReceiverReport(ReadOnlySpan<byte> body, int reportCount)
{
    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>Of the sender of the report.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public ReportBlocks Reports => new(_body.Slice(4, reportCount * ReportBlock.Length));
}
