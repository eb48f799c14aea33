using System.Buffers.Binary;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// The plaintext of one chunk of a recording (docs/formats/recording.md): the formats of all tracks known so far, then packets. Every chunk can be
/// understood alone.
/// </summary>
internal static class ChunkFormat
{
    /// <summary>Bit of <see cref="LogRecordHeader.Flags"/>: the chunk holds a video key frame.</summary>
    public const byte HoldsKeyFrame = 1;

    public const int FormatBytes = 7;

    /// <summary>Most that a packet takes beside its payload: a tag, three variable-length numbers.</summary>
    public const int MaxPacketOverhead = 1 + 5 + 10 + 10;

    private const byte FormatTag = 0x01;
    private const byte PacketTag = 0x80;
    private const byte KeyFrameBit = 0x40;
    private const byte TrackMask = 0x3F;

    public static int WriteFormat(Span<byte> destination, TrackFormat format)
    {
        destination[0] = FormatTag;
        destination[1] = (byte)format.Track;
        destination[2] = (byte)format.Codec;
        destination[3] = (byte)format.Channels;
        // 24 bits: up to 16 MHz.
        destination[4] = (byte)format.SampleRate;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[5..], (ushort)(format.SampleRate >> 8));
        return FormatBytes;
    }

    /// <param name="previous">Time of the packet before it in the chunk, of any track; zero for the first.</param>
    public static int WritePacket(Span<byte> destination, in RecordedPacket packet, MediaTime previous)
    {
        destination[0] = (byte)(PacketTag | (packet.KeyFrame ? KeyFrameBit : 0) | (byte)packet.Track);
        var length = 1;
        length += WriteVariable(destination[length..], (ulong)packet.Payload.Length);
        length += WriteVariable(destination[length..], packet.Sequence);
        var delta = packet.Time.Microseconds - previous.Microseconds;
        length += WriteVariable(destination[length..], (ulong)((delta << 1) ^ (delta >> 63)));
        packet.Payload.Span.CopyTo(destination[length..]);
        return length + packet.Payload.Length;
    }

    /// <summary>Reads one entry and moves <paramref name="chunk"/> behind it. The payload is a slice of the chunk.</summary>
    /// <returns>False where the chunk is at its end or holds something else (then it is not empty).</returns>
    public static bool TryRead(ref ReadOnlyMemory<byte> chunk, ref MediaTime previous, out RecordingEntry entry)
    {
        entry = default;
        var bytes = chunk.Span;
        if (bytes.IsEmpty)
            return false;
        if (bytes[0] == FormatTag)
        {
            if (bytes.Length < FormatBytes)
                return false;
            var sampleRate = bytes[4] | (BinaryPrimitives.ReadUInt16LittleEndian(bytes[5..]) << 8);
            entry = new RecordingEntry(new TrackFormat((TrackKind)bytes[1], (MediaCodec)bytes[2], sampleRate, bytes[3]), default);
            chunk = chunk[FormatBytes..];
            return true;
        }

        if ((bytes[0] & PacketTag) == 0)
            return false;
        var position = 1;
        if (!TryReadVariable(bytes, ref position, out var length) || !TryReadVariable(bytes, ref position, out var sequence)
            || !TryReadVariable(bytes, ref position, out var zigzag) || length > (ulong)(bytes.Length - position))
        {
            return false;
        }

        previous = new MediaTime(previous.Microseconds + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)));
        var payload = chunk.Slice(position, (int)length);
        entry = new RecordingEntry(null, new RecordedPacket((TrackKind)(bytes[0] & TrackMask), sequence, previous, (bytes[0] & KeyFrameBit) != 0, payload));
        chunk = chunk[(position + (int)length)..];
        return true;
    }

    /// <summary>Little-endian groups of 7 bits, the top bit set on all but the last (LEB128).</summary>
    private static int WriteVariable(Span<byte> destination, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            destination[length++] = (byte)(value | 0x80);
        destination[length++] = (byte)value;
        return length;
    }

    private static bool TryReadVariable(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && position < source.Length; shift += 7)
        {
            var group = source[position++];
            value |= (ulong)(group & 0x7F) << shift;
            if ((group & 0x80) == 0)
                return true;
        }

        return false;
    }
}
