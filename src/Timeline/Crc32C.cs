using System.Buffers.Binary;
using System.Numerics;

namespace MediaScore.Timeline;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4): start value and final inversion all ones. One processor instruction for 8 bytes where it has one.</summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
