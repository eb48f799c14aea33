using System.IO.Hashing;

namespace MediaScore.WebRtc.Ice;

/// <summary>FINGERPRINT: CRC-32 of ITU V.42 over all before it, with a constant laid over it (RFC 8489, 14.7).</summary>
internal static class StunFingerprint
{
    // "STUN" in ASCII: keeps a CRC that the carried protocol makes of the same bytes from looking like ours.
    private const uint Mask = 0x5354554E;

    public static uint Compute(ReadOnlySpan<byte> message) => Crc32.HashToUInt32(message) ^ Mask;
}
