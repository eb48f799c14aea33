namespace MediaScore.WebRtc.Rtcp;

/// <summary>The 16-bit packet status chunks of transport feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1.3 and 3.1.4).</summary>
/// <remarks>
/// <code>
/// 0 SS LLLLLLLLLLLLL   one status, L times
/// 1 0 S x 14           14 statuses of one bit: not received, small delta
/// 1 1 SS x 7           7 statuses
/// </code>
/// </remarks>
internal static class StatusChunk
{
    public const int MaxRun = 0x1FFF;
    public const int OneBitCount = 14;
    public const int TwoBitCount = 7;

    /// <summary>0 for an empty run, which is allowed and says nothing.</summary>
    public static int CountIn(ushort chunk) => (chunk >> 14) switch
    {
        0b10 => OneBitCount,
        0b11 => TwoBitCount,
        _ => chunk & MaxRun,
    };

    public static PacketStatus Get(ushort chunk, int position) => (PacketStatus)((chunk >> 14) switch
    {
        0b10 => (chunk >> (OneBitCount - 1 - position)) & 1,
        0b11 => (chunk >> (2 * (TwoBitCount - 1 - position))) & 3,
        _ => (chunk >> 13) & 3,
    });

    public static ushort Run(PacketStatus status, int length) => (ushort)(((int)status << 13) | length);

    public static ushort OneBit(ReadOnlySpan<PacketStatus> statuses)
    {
        var chunk = 0b10 << 14;
        for (var i = 0; i < statuses.Length; i++)
            chunk |= (int)statuses[i] << (OneBitCount - 1 - i);
        return (ushort)chunk;
    }

    public static ushort TwoBit(ReadOnlySpan<PacketStatus> statuses)
    {
        var chunk = 0b11 << 14;
        for (var i = 0; i < statuses.Length; i++)
            chunk |= (int)statuses[i] << (2 * (TwoBitCount - 1 - i));
        return (ushort)chunk;
    }
}
