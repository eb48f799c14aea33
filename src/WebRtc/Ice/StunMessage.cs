using System.Buffers.Binary;

namespace MediaScore.WebRtc.Ice;

/// <summary>
/// A view of one STUN message (RFC 8489, 5): one pass over its attributes, nothing copied. Attributes after MESSAGE-INTEGRITY are not authenticated and so not seen,
/// FINGERPRINT apart (14.5). Of an attribute that comes twice, the first counts.
/// </summary>
internal readonly ref struct StunMessage
{
    public const int HeaderLength = 20;

    public const int TransactionIdLength = 12;

    public const ushort BindingMethod = 1;

    public const uint MagicCookie = 0x2112A442;

    // Type and length in front of a value.
    private const int AttributeHeaderLength = 4;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _integrityOffset;
    private readonly int _fingerprintOffset;

    private StunMessage(ReadOnlySpan<byte> bytes, int integrityOffset, int fingerprintOffset)
    {
        _bytes = bytes;
        _integrityOffset = integrityOffset;
        _fingerprintOffset = fingerprintOffset;
    }

    public StunClass Class => (StunClass)((_bytes[0] & 1) << 1 | _bytes[1] >> 4 & 1);

    /// <summary>12 bits around the class bits.</summary>
    public ushort Method => (ushort)((_bytes[0] & 0x3E) << 6 | (_bytes[1] & 0xE0) >> 1 | _bytes[1] & 0x0F);

    public ReadOnlySpan<byte> TransactionId => _bytes.Slice(8, TransactionIdLength);

    public bool HasIntegrity => _integrityOffset > 0;

    public bool HasFingerprint => _fingerprintOffset > 0;

    /// <summary>Could be STUN: first byte 0 to 3 (RFC 7983) and the cookie. Cheap enough for every datagram.</summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] <= 3 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <summary>False unless every length in the message fits, and nothing follows FINGERPRINT.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (!LooksLikeStun(datagram) || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - HeaderLength || datagram.Length % 4 != 0)
            return false;
        int integrity = 0, fingerprint = 0;
        for (var offset = HeaderLength; offset < datagram.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            var next = NextAttribute(offset, length);
            if (next > datagram.Length || fingerprint > 0)
                return false;
            switch ((StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]))
            {
                case StunAttribute.MessageIntegrity when integrity == 0:
                    if (length != StunIntegrityKey.TagLength)
                        return false;
                    integrity = offset;
                    break;
                case StunAttribute.Fingerprint:
                    if (length != sizeof(uint))
                        return false;
                    fingerprint = offset;
                    break;
            }

            offset = next;
        }

        message = new StunMessage(datagram, integrity, fingerprint);
        return true;
    }

    /// <summary>The value of the first such attribute before MESSAGE-INTEGRITY.</summary>
    public bool TryFind(StunAttribute attribute, out ReadOnlySpan<byte> value)
    {
        var end = AttributesEnd;
        for (var offset = HeaderLength; offset < end;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(offset + 2)..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]) == (ushort)attribute)
            {
                value = _bytes.Slice(offset + AttributeHeaderLength, length);
                return true;
            }

            offset = NextAttribute(offset, length);
        }

        value = default;
        return false;
    }

    /// <summary>Type numbers that must be understood (below 0x8000) and are not; as many as fit are written.</summary>
    public int FindUnknownRequired(Span<ushort> unknown)
    {
        var count = 0;
        var end = AttributesEnd;
        for (var offset = HeaderLength; offset < end && count < unknown.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]);
            if (type < 0x8000 && !IsKnown((StunAttribute)type) && !unknown[..count].Contains(type))
                unknown[count++] = type;
            offset = NextAttribute(offset, BinaryPrimitives.ReadUInt16BigEndian(_bytes[(offset + 2)..]));
        }

        return count;
    }

    /// <summary>False too where there is none.</summary>
    public bool VerifyFingerprint() =>
        HasFingerprint && BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_fingerprintOffset + AttributeHeaderLength)..]) == StunFingerprint.Compute(_bytes[.._fingerprintOffset]);

    /// <summary>In constant time. False too where there is none.</summary>
    public bool VerifyIntegrity(StunIntegrityKey key) =>
        HasIntegrity && key.Verify(_bytes[.._integrityOffset], _bytes.Slice(_integrityOffset + AttributeHeaderLength, StunIntegrityKey.TagLength));

    /// <summary>XOR-MAPPED-ADDRESS (14.2): the address that the answering side saw.</summary>
    public bool TryReadMappedAddress(TransportKind transport, out RemoteAddress address)
    {
        address = default;
        if (!TryFind(StunAttribute.XorMappedAddress, out var value) || value.Length < 8)
            return false;
        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16));
        if (value[1] == 1 && value.Length == 8)
        {
            address = new RemoteAddress(transport, (UInt128)0xFFFF << 32 | BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ MagicCookie, port);
            return true;
        }

        if (value[1] != 2 || value.Length != 20)
            return false;
        // Cookie and transaction id stand together in the header: one 128-bit mask.
        address = new RemoteAddress(transport, BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ BinaryPrimitives.ReadUInt128BigEndian(_bytes[4..]), port);
        return true;
    }

    /// <summary>300 to 699 of ERROR-CODE (14.8); 0 where there is none.</summary>
    public int ErrorCode => TryFind(StunAttribute.ErrorCode, out var value) && value.Length >= 4 ? (value[2] & 7) * 100 + value[3] % 100 : 0;

    private int AttributesEnd => HasIntegrity ? _integrityOffset : HasFingerprint ? _fingerprintOffset : _bytes.Length;

    // Values are padded to four bytes; the length counts without the padding.
    private static int NextAttribute(int offset, int length) => offset + AttributeHeaderLength + (length + 3 & ~3);

    private static bool IsKnown(StunAttribute attribute) => attribute is
        StunAttribute.MappedAddress or StunAttribute.UserName or StunAttribute.MessageIntegrity or StunAttribute.ErrorCode or StunAttribute.UnknownAttributes
        or StunAttribute.Realm or StunAttribute.Nonce or StunAttribute.MessageIntegritySha256 or StunAttribute.XorMappedAddress or StunAttribute.Priority
        or StunAttribute.UseCandidate;
}
