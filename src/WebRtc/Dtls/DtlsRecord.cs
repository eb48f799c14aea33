using System.Buffers.Binary;

namespace MediaScore.WebRtc.Dtls;

/// <summary>The clear part of a DTLS 1.2 record (RFC 6347, 4.1): enough to leave out cheaply what can't be meant for us.</summary>
internal readonly ref struct DtlsRecord
{
    public const int HeaderLength = 13;

    public const byte ChangeCipherSpec = 20;
    public const byte Alert = 21;
    public const byte Handshake = 22;

    private const byte ClientHelloType = 1;

    // Explicit nonce and tag of AES-GCM (RFC 5288, 3).
    private const int CipherOverhead = 8 + 16;

    private DtlsRecord(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        ContentType = bytes[0];
        Epoch = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
    }

    /// <summary>Header and fragment.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public byte ContentType { get; }

    public ushort Epoch { get; }

    /// <summary>Encrypted from epoch 1 on.</summary>
    public ReadOnlySpan<byte> Fragment => Bytes[HeaderLength..];

    /// <summary>Part of a ClientHello in clear, however it is fragmented.</summary>
    public bool IsClientHello => ContentType == Handshake && Epoch == 0 && Fragment.Length > 0 && Fragment[0] == ClientHelloType;

    /// <summary>In clear, or encrypted with the only keys there are and long enough to be. BouncyCastle ends the association over shorter ones.</summary>
    public bool IsPlausible => Epoch == 0 || (Epoch == 1 && Fragment.Length > CipherOverhead);

    /// <summary>First byte 20 to 63 is DTLS (RFC 7983, 7; RFC 9443).</summary>
    public static bool Claims(byte first) => first is >= 20 and <= 63;

    /// <summary>Takes the first record off a datagram.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> datagram, out DtlsRecord record)
    {
        record = default;
        if (datagram.Length <= HeaderLength || datagram[1] != 0xFE)
            return false;
        var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        if (length == HeaderLength || length > datagram.Length)
            return false;
        record = new DtlsRecord(datagram[..length]);
        datagram = datagram[length..];
        return true;
    }
}
