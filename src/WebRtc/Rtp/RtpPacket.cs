using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// A view of one RTP packet (RFC 3550, 5.1) with the header extensions of RFC 8285 in their one-byte and two-byte forms. Borrows the datagram: valid as long as its bytes are left alone.
/// </summary>
internal readonly ref struct RtpPacket
{
    public const int FixedHeaderLength = 12;

    private const int OneByteProfile = 0xBEDE;

    // "0x100" and four bits that an application may use (RFC 8285, 4.3).
    private const int TwoByteProfile = 0x1000;

    private readonly ReadOnlySpan<byte> _header;
    private readonly ReadOnlySpan<byte> _extensions;
    private readonly ushort _extensionProfile;

    private RtpPacket(ReadOnlySpan<byte> datagram, int headerLength, int paddingLength)
    {
        _header = datagram[..headerLength];
        Payload = datagram[headerLength..^paddingLength];
        PaddingLength = paddingLength;
        if (!HasExtension(datagram))
            return;
        var at = FixedHeaderLength + (4 * CsrcCount);
        _extensionProfile = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
        _extensions = datagram[(at + 4)..headerLength];
    }

    public bool Marker => (_header[1] & 0x80) != 0;

    public byte PayloadType => (byte)(_header[1] & 0x7F);

    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_header[4..]);

    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_header[8..]);

    public int CsrcCount => _header[0] & 0x0F;

    /// <summary>With CSRCs and extensions.</summary>
    public int HeaderLength => _header.Length;

    /// <summary>Without the padding; empty in a packet that is nothing but padding, as browsers send to probe the way.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Includes its own count, so that it is never 0 where the packet has the P bit.</summary>
    public int PaddingLength { get; }

    public uint GetCsrc(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)CsrcCount);
        return BinaryPrimitives.ReadUInt32BigEndian(_header[(FixedHeaderLength + (4 * position))..]);
    }

    /// <summary>False for what is no RTP packet: another version, shorter than it says, a padding count of 0 or longer than what follows the header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (!TryReadHeaderLength(datagram, out var headerLength))
            return false;
        var padding = 0;
        if ((datagram[0] & 0x20) != 0)
        {
            padding = datagram[^1];
            if (padding == 0 || padding > datagram.Length - headerLength)
                return false;
        }

        packet = new RtpPacket(datagram, headerLength, padding);
        return true;
    }

    /// <summary>The header of a packet that is still protected: SRTP leaves it in the clear, but covers the padding count. <see cref="Payload"/> is all that follows.</summary>
    public static bool TryParseProtected(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (!TryReadHeaderLength(datagram, out var headerLength))
            return false;
        packet = new RtpPacket(datagram, headerLength, 0);
        return true;
    }

    /// <summary>Where the payload begins: behind the CSRCs and the extensions. False where the packet is shorter than that.</summary>
    public static bool TryReadHeaderLength(ReadOnlySpan<byte> datagram, out int headerLength)
    {
        headerLength = 0;
        if (datagram.Length < FixedHeaderLength || datagram[0] >> 6 != 2)
            return false;
        var length = FixedHeaderLength + (4 * (datagram[0] & 0x0F));
        if (HasExtension(datagram))
        {
            if (datagram.Length < length + 4)
                return false;
            length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(length + 2)..]));
        }

        if (datagram.Length < length)
            return false;
        headerLength = length;
        return true;
    }

    /// <param name="id">As negotiated; 0, "not negotiated", is never found.</param>
    /// <param name="value">Empty is possible in the two-byte form.</param>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (id == 0)
            return false;
        if (_extensionProfile == OneByteProfile)
            return TryGetOneByte(id, out value);
        return (_extensionProfile & 0xFFF0) == TwoByteProfile && TryGetTwoByte(id, out value);
    }

    private bool TryGetOneByte(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _extensions;
        while (!rest.IsEmpty)
        {
            if (rest[0] == 0)
            {
                rest = rest[1..];
                continue;
            }

            var elementId = rest[0] >> 4;
            var length = (rest[0] & 0x0F) + 1;

            // Id 15, and id 0 with a length, end the list (RFC 8285, 4.2).
            if (elementId is 0 or 15 || length >= rest.Length)
                return false;
            if (elementId == id)
            {
                value = rest.Slice(1, length);
                return true;
            }

            rest = rest[(1 + length)..];
        }

        return false;
    }

    private bool TryGetTwoByte(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _extensions;
        while (!rest.IsEmpty)
        {
            if (rest[0] == 0)
            {
                rest = rest[1..];
                continue;
            }

            if (rest.Length < 2 || rest[1] > rest.Length - 2)
                return false;
            var length = rest[1];
            if (rest[0] == id)
            {
                value = rest.Slice(2, length);
                return true;
            }

            rest = rest[(2 + length)..];
        }

        return false;
    }

    private static bool HasExtension(ReadOnlySpan<byte> datagram) => (datagram[0] & 0x10) != 0;
}
