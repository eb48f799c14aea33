using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// Writes one RTP packet into the caller's buffer, in the order of the wire: header, one-byte extensions (RFC 8285, 4.2), payload, padding. For the in-house sender and
/// the tests; the server receives only. A buffer that is too small is the caller's mistake and throws.
/// </summary>
internal ref struct RtpPacketWriter
{
    private readonly Span<byte> _buffer;
    private int _extensionStart;

    public RtpPacketWriter(
        Span<byte> buffer, byte payloadType, ushort sequenceNumber, uint timestamp, uint ssrc, bool marker = false, scoped ReadOnlySpan<uint> csrcs = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadType, 127);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(csrcs.Length, 15);
        _buffer = buffer;
        buffer[0] = (byte)(0x80 | csrcs.Length);
        buffer[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], ssrc);
        Length = RtpPacket.FixedHeaderLength;
        foreach (var csrc in csrcs)
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer[Length..], csrc);
            Length += 4;
        }
    }

    /// <summary>Of the packet so far; whole after <see cref="WritePayload"/>.</summary>
    public int Length { get; private set; }

    /// <summary>Before the payload.</summary>
    /// <param name="id">1 to 14.</param>
    /// <param name="value">1 to 16 bytes: what the one-byte form can hold.</param>
    public void AddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, 14);
        ArgumentOutOfRangeException.ThrowIfZero(value.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 16);
        if (_extensionStart == 0)
        {
            _buffer[0] |= 0x10;
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], 0xBEDE);
            Length += 4;
            _extensionStart = Length;
        }

        _buffer[Length] = (byte)((id << 4) | (value.Length - 1));
        value.CopyTo(_buffer[(Length + 1)..]);
        Length += 1 + value.Length;
    }

    /// <summary>Once; an empty payload too, since it closes the extensions.</summary>
    /// <param name="paddingLength">Bytes of padding behind it, with their count; 0 for none.</param>
    public void WritePayload(scoped ReadOnlySpan<byte> payload, byte paddingLength = 0)
    {
        CloseExtensions();
        payload.CopyTo(_buffer[Length..]);
        Length += payload.Length;
        if (paddingLength == 0)
            return;
        _buffer[0] |= 0x20;
        _buffer.Slice(Length, paddingLength).Clear();
        Length += paddingLength;
        _buffer[Length - 1] = paddingLength;
    }

    private void CloseExtensions()
    {
        if (_extensionStart == 0)
            return;
        while ((Length - _extensionStart) % 4 != 0)
            _buffer[Length++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_extensionStart - 2)..], (ushort)((Length - _extensionStart) / 4));
        _extensionStart = 0;
    }
}
