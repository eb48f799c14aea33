using System.Buffers;
using System.Buffers.Binary;

namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>What a client says first on a TLS connection (RFC 8446, 4.1.2), as far as it tells a browser from a terminal.</summary>
internal static class ClientHello
{
    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;

    // Content type and version; then the record's length.
    private const int RecordHead = 3;

    // Version and random.
    private const int FixedPart = 2 + 32;

    // Application-layer protocol negotiation (RFC 7301).
    private const ushort ProtocolNames = 16;

    /// <summary>
    /// It speaks HTTP/2 and nothing else, as gRPC does in every language; browsers offer HTTP/1.1 beside it. False for whatever cannot be read, and for a hello of several records.
    /// </summary>
    /// <param name="bytes">From the first record on.</param>
    public static bool OffersHttp2Alone(ReadOnlySequence<byte> bytes)
    {
        var rest = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        if (rest.Length < RecordHead || rest[0] != HandshakeRecord)
            return false;
        rest = rest[RecordHead..];
        if (!TryTake(ref rest, 2, out var record) || record.Length < 1 || record[0] != ClientHelloMessage)
            return false;
        record = record[1..];
        if (!TryTake(ref record, 3, out var hello) || hello.Length < FixedPart)
            return false;
        hello = hello[FixedPart..];
        // Session id, cipher suites, compression methods.
        if (!TryTake(ref hello, 1, out _) || !TryTake(ref hello, 2, out _) || !TryTake(ref hello, 1, out _) || !TryTake(ref hello, 2, out var extensions))
            return false;
        while (extensions.Length >= sizeof(ushort))
        {
            var kind = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[sizeof(ushort)..];
            if (!TryTake(ref extensions, 2, out var body))
                return false;
            if (kind == ProtocolNames)
                return TryTake(ref body, 2, out var names) && AreHttp2Alone(names);
        }

        return false;
    }

    private static bool AreHttp2Alone(ReadOnlySpan<byte> names)
    {
        var isHttp2 = false;
        while (!names.IsEmpty)
        {
            // Older gRPC offers a name of its own as well.
            if (!TryTake(ref names, 1, out var name) || !(name.SequenceEqual("h2"u8) || name.SequenceEqual("grpc-exp"u8)))
                return false;
            isHttp2 = true;
        }

        return isHttp2;
    }

    /// <summary>A vector: its length in so many bytes, then itself.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthBytes, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (rest.Length < lengthBytes)
            return false;
        var length = 0;
        foreach (var part in rest[..lengthBytes])
            length = (length << 8) | part;
        if (rest.Length - lengthBytes < length)
            return false;
        vector = rest.Slice(lengthBytes, length);
        rest = rest[(lengthBytes + length)..];
        return true;
    }
}
