using System.Buffers.Binary;
using System.Text;

namespace MediaScore.WebRtc.Ice;

/// <summary>
/// Writes one STUN message into the caller's buffer, attribute by attribute: integrity last but one, fingerprint last. What does not fit is not written and
/// <see cref="Length"/> is 0 from then on.
/// </summary>
internal ref struct StunMessageWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private bool _overflowed;

    /// <param name="transactionId">12 bytes; random in a request, the request's in an answer.</param>
    public StunMessageWriter(Span<byte> buffer, StunClass @class, ReadOnlySpan<byte> transactionId)
    {
        _buffer = buffer;
        if (buffer.Length < StunMessage.HeaderLength)
        {
            _overflowed = true;
            return;
        }

        // Binding is method 1; the class bits are 4 and 8 of the type (RFC 8489, 5).
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)(((int)@class & 2) << 7 | ((int)@class & 1) << 4 | StunMessage.BindingMethod));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transactionId[..StunMessage.TransactionIdLength].CopyTo(buffer[8..]);
        _length = StunMessage.HeaderLength;
    }

    /// <summary>Bytes written; 0 after something did not fit.</summary>
    public readonly int Length => _overflowed ? 0 : _length;

    /// <summary>USERNAME of a check: the fragment of whom it goes to, a colon, the fragment of whom it comes from (RFC 8445, 7.2.2).</summary>
    public void WriteUserName(ReadOnlySpan<char> receiverFragment, ReadOnlySpan<char> senderFragment)
    {
        // Fragments are ice-chars: ASCII (RFC 8839, 5.4).
        var value = Reserve(StunAttribute.UserName, receiverFragment.Length + 1 + senderFragment.Length);
        if (value.IsEmpty)
            return;
        Encoding.ASCII.GetBytes(receiverFragment, value);
        value[receiverFragment.Length] = (byte)':';
        Encoding.ASCII.GetBytes(senderFragment, value[(receiverFragment.Length + 1)..]);
    }

    public void WritePriority(uint priority)
    {
        if (Reserve(StunAttribute.Priority, sizeof(uint)) is { IsEmpty: false } value)
            BinaryPrimitives.WriteUInt32BigEndian(value, priority);
    }

    public void WriteUseCandidate() => Reserve(StunAttribute.UseCandidate, 0);

    public void WriteIceControlling(ulong tieBreaker)
    {
        if (Reserve(StunAttribute.IceControlling, sizeof(ulong)) is { IsEmpty: false } value)
            BinaryPrimitives.WriteUInt64BigEndian(value, tieBreaker);
    }

    public void WriteIceControlled(ulong tieBreaker)
    {
        if (Reserve(StunAttribute.IceControlled, sizeof(ulong)) is { IsEmpty: false } value)
            BinaryPrimitives.WriteUInt64BigEndian(value, tieBreaker);
    }

    public void WriteXorMappedAddress(in RemoteAddress address)
    {
        var value = Reserve(StunAttribute.XorMappedAddress, address.IsIPv4 ? 8 : 20);
        if (value.IsEmpty)
            return;
        value[0] = 0;
        value[1] = (byte)(address.IsIPv4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        if (address.IsIPv4)
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)address.Address ^ StunMessage.MagicCookie);
        else
            BinaryPrimitives.WriteUInt128BigEndian(value[4..], address.Address ^ BinaryPrimitives.ReadUInt128BigEndian(_buffer[4..]));
    }

    /// <param name="code">300 to 699. No reason phrase: it is for people, and nobody reads it here.</param>
    public void WriteErrorCode(int code)
    {
        if (Reserve(StunAttribute.ErrorCode, 4) is { IsEmpty: false } value)
            BinaryPrimitives.WriteUInt32BigEndian(value, (uint)(code / 100 << 8 | code % 100));
    }

    public void WriteUnknownAttributes(ReadOnlySpan<ushort> types)
    {
        var value = Reserve(StunAttribute.UnknownAttributes, types.Length * sizeof(ushort));
        if (value.IsEmpty)
            return;
        for (var index = 0; index < types.Length; index++)
            BinaryPrimitives.WriteUInt16BigEndian(value[(index * sizeof(ushort))..], types[index]);
    }

    /// <summary>Any attribute, for tests and probes.</summary>
    public void Write(StunAttribute attribute, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(attribute, value.Length));

    public void WriteIntegrity(StunIntegrityKey key)
    {
        var covered = _length;
        if (Reserve(StunAttribute.MessageIntegrity, StunIntegrityKey.TagLength) is { IsEmpty: false } value)
            key.Compute(_buffer[..covered], value);
    }

    public void WriteFingerprint()
    {
        var covered = _length;
        if (Reserve(StunAttribute.Fingerprint, sizeof(uint)) is { IsEmpty: false } value)
            BinaryPrimitives.WriteUInt32BigEndian(value, StunFingerprint.Compute(_buffer[..covered]));
    }

    /// <summary>Writes type, length and zero padding and sets the header's length, so that what is covered by a checksum is complete.</summary>
    private Span<byte> Reserve(StunAttribute attribute, int valueLength)
    {
        var padded = valueLength + 3 & ~3;
        if (_overflowed || _buffer.Length - _length < 4 + padded)
        {
            _overflowed = true;
            return [];
        }

        var at = _buffer.Slice(_length, 4 + padded);
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)attribute);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)valueLength);
        at[(4 + valueLength)..].Clear();
        _length += at.Length;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(_length - StunMessage.HeaderLength));
        return at.Slice(4, valueLength);
    }
}
