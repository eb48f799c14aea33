using System.Buffers.Binary;

namespace MediaScore.Timeline;

/// <summary>
/// The 72 bytes before the encrypted body of each record of a log (docs/formats/timeline.md), the same for timelines and recordings. All of it but the two
/// checksums is authenticated with the body.
/// </summary>
/// <param name="BodyLength">Bytes that follow: ciphertext and 16 bytes of tag.</param>
/// <param name="Sequence">From 0 in each file, without a hole.</param>
/// <param name="Epoch">Ownership epoch of the writer (fencing token).</param>
/// <param name="FirstStamp">Timeline: wall clock, microseconds since 1970-01-01 UTC. Recording: earliest media time in the chunk, microseconds.</param>
/// <param name="LastStamp">Timeline: 0. Recording: latest media time in the chunk.</param>
/// <param name="NoncePrefix">Random for each opening of the file.</param>
/// <param name="NonceCounter">Counts the records of that opening, so a nonce is never used twice.</param>
/// <param name="Flags">Recording: bit 0 = holds a video key frame. Else 0.</param>
/// <param name="DurableLength">How much of the file was known to be on disk when this was written: what lies before it can't be a torn write.</param>
/// <param name="BodyCrc">CRC-32C of the body.</param>
public readonly record struct LogRecordHeader(
    int BodyLength, ulong Sequence, ulong Epoch, long FirstStamp, long LastStamp, ulong NoncePrefix, uint NonceCounter, byte Flags, long DurableLength, uint BodyCrc)
{
    public const int SizeInBytes = 72;
    public const int TagBytes = 16;
    public const int NonceOffset = 40;
    public const int NonceBytes = 12;

    /// <summary>The header's first bytes that are authenticated with the body; the checksums behind them are not.</summary>
    public const int AuthenticatedBytes = 64;

    /// <summary>Largest body: 2 MiB, a chunk with one packet of the largest size. A length above it is damage, and nothing is allocated for it.</summary>
    public const int MaxBodyBytes = 1 << 21;

    private const int CrcOffset = 68;

    /// <summary>The first four bytes of every record; where reading lost its place, the search goes for these.</summary>
    public static ReadOnlySpan<byte> Mark => "MSLR"u8;

    /// <summary>Writes everything; the checksum of the header comes last, so set <see cref="BodyCrc"/> before.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..SizeInBytes];
        WriteAuthenticated(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[64..], BodyCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CrcOffset..], Crc32C.Compute(destination[..CrcOffset]));
    }

    /// <summary>Writes the first <see cref="AuthenticatedBytes"/>, which have to be there before the body is encrypted.</summary>
    public void WriteAuthenticated(Span<byte> destination)
    {
        Mark.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], BodyLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], FirstStamp);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], LastStamp);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[NonceOffset..], NoncePrefix);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[48..], NonceCounter);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[52..], Flags);
        BinaryPrimitives.WriteInt64LittleEndian(destination[56..], DurableLength);
    }

    /// <summary>False where <paramref name="source"/> is too short, has no mark, a wrong checksum or an impossible length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out LogRecordHeader header)
    {
        header = default;
        if (source.Length < SizeInBytes || !source[..4].SequenceEqual(Mark)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[CrcOffset..]) != Crc32C.Compute(source[..CrcOffset]))
        {
            return false;
        }

        header = new LogRecordHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]), BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]), BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]), BinaryPrimitives.ReadUInt64LittleEndian(source[NonceOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[48..]), source[52], BinaryPrimitives.ReadInt64LittleEndian(source[56..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[64..]));
        return header.BodyLength is >= TagBytes and <= MaxBodyBytes;
    }
}
