namespace MediaScore.WebRtc.Ice;

/// <summary>FINGERPRINT: CRC-32 of ITU V.42 over all before it, with a constant laid over it (RFC 8489, 14.7).</summary>
internal static class StunFingerprint
{
    // "STUN" in ASCII: keeps a CRC that the carried protocol makes of the same bytes from looking like ours.
    private const uint Mask = 0x5354554E;

    // The reflected polynomial 0x04C11DB7. The runtime's own instruction computes CRC-32C, another one.
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    public static uint Compute(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var value in message)
            crc = Table[(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc ^ Mask;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < table.Length; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            table[value] = crc;
        }

        return table;
    }
}
