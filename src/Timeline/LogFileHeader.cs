using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Timeline;

/// <summary>What a log file holds; decides its magic.</summary>
public enum LogContent { Timeline, Recording }

/// <summary>
/// The first 64 bytes of a log file (docs/formats/timeline.md), the same for timelines and recordings. Nothing in it is secret.
/// </summary>
/// <param name="InterviewIdHash">32 bytes, see <see cref="HashInterviewId"/>; part of every record's authenticated data, so records can't be moved between interviews.</param>
/// <param name="CreatedEpoch">Ownership epoch of the process that made the file.</param>
/// <param name="KeyCheck">4 bytes derived from the data key: another key is told apart from damage.</param>
public sealed record LogFileHeader(LogContent Content, ReadOnlyMemory<byte> InterviewIdHash, ulong CreatedEpoch, uint KeyCheck)
{
    public const int SizeInBytes = 64;
    public const int InterviewIdHashBytes = 32;
    public const ushort CurrentVersion = 1;

    private const int CrcOffset = 60;

    private static ReadOnlySpan<byte> TimelineMagic => "MSTIMELN"u8;

    private static ReadOnlySpan<byte> RecordingMagic => "MSRECORD"u8;

    /// <summary>SHA-256 of <c>mediascore/interview/ID</c>: ties a file to its interview without naming it.</summary>
    public static byte[] HashInterviewId(string interviewId) => SHA256.HashData(Encoding.UTF8.GetBytes("mediascore/interview/" + interviewId));

    /// <param name="destination">At least <see cref="SizeInBytes"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination = destination[..SizeInBytes];
        (Content == LogContent.Timeline ? TimelineMagic : RecordingMagic).CopyTo(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], SizeInBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], 0);
        InterviewIdHash.Span.CopyTo(destination[16..48]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], CreatedEpoch);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[56..], KeyCheck);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CrcOffset..], Crc32C.Compute(destination[..CrcOffset]));
    }

    /// <summary>The header in <paramref name="source"/>.</summary>
    /// <param name="fault">What is wrong when null is returned.</param>
    public static LogFileHeader? TryRead(ReadOnlySpan<byte> source, LogContent content, out string? fault)
    {
        fault = null;
        if (source.Length < SizeInBytes)
            fault = $"the file has {source.Length} bytes, less than its header's {SizeInBytes}";
        else if (!source[..8].SequenceEqual(content == LogContent.Timeline ? TimelineMagic : RecordingMagic))
            fault = content == LogContent.Timeline ? "it is not a timeline" : "it is not a recording";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(source[CrcOffset..]) != Crc32C.Compute(source[..CrcOffset]))
            fault = "the checksum of its header does not fit";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(source[8..]) is not CurrentVersion and var version)
            fault = $"it has format version {version}; this program reads version {CurrentVersion}";
        return fault is not null ? null : new LogFileHeader(
            content, source[16..48].ToArray(), BinaryPrimitives.ReadUInt64LittleEndian(source[48..]), BinaryPrimitives.ReadUInt32LittleEndian(source[56..]));
    }
}
