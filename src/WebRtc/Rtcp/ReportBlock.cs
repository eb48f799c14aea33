using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>What a receiver says of one source (RFC 3550, 6.4.1).</summary>
/// <param name="FractionLost">Of 256, since the report before.</param>
/// <param name="CumulativeLost">24 bits on the wire; negative where there were more duplicates than losses.</param>
/// <param name="HighestSequence">With the cycles above the 16 bits.</param>
/// <param name="Jitter">RTP ticks.</param>
/// <param name="LastSenderReport">LSR: <see cref="NtpTime.Compact"/> of it; 0 for none.</param>
/// <param name="DelaySinceLastSenderReport">DLSR: 1/65,536 s.</param>
internal readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint HighestSequence, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    private const int MaxLost = 0x7F_FFFF;

    public static ReportBlock Read(ReadOnlySpan<byte> bytes)
    {
        var loss = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        return new ReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(bytes), (byte)(loss >> 24), (int)(loss << 8) >> 8, BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
    }

    /// <summary>Losses beyond 24 bits are written as the most that these can say, as the RFC wants it.</summary>
    public void Write(Span<byte> bytes)
    {
        var lost = (uint)Math.Clamp(CumulativeLost, -MaxLost - 1, MaxLost) & 0xFF_FFFF;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], ((uint)FractionLost << 24) | lost);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], DelaySinceLastSenderReport);
    }
}
