using System.Net;
using System.Net.Sockets;

namespace MediaScore.WebRtc;

/// <summary>How a datagram came.</summary>
public enum TransportKind : byte { Udp, Tcp }

/// <summary>
/// Where a datagram came from or goes to: a value, so that the receive loop allocates nothing. An IPv4 address is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2).
/// Candidates' addresses are personal data: <see cref="ToString"/> does not show them.
/// </summary>
/// <param name="Address">Network order, read as one big-endian number.</param>
/// <param name="ScopeId">Of a link-local IPv6 address, else 0.</param>
/// <param name="StreamId">Which TCP connection; 0 for UDP.</param>
public readonly record struct RemoteAddress(TransportKind Transport, UInt128 Address, ushort Port, uint ScopeId = 0, long StreamId = 0)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    public bool IsIPv4 => Address >> 32 == 0xFFFF;

    /// <summary>Whom limits count together: an IPv4 address, or the /64 of an IPv6 address, the least that a network gives to one customer (RFC 6177), who has all of it.</summary>
    public UInt128 Network => IsIPv4 ? Address : Address >> 64 << 64;

    /// <summary>IPv4-mapped.</summary>
    public static UInt128 Map(uint ipv4) => MappedPrefix | ipv4;

    public static RemoteAddress From(IPEndPoint endPoint, TransportKind transport = TransportKind.Udp, long streamId = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out var count);
        var address = count == 4
            ? MappedPrefix | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var scope = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)endPoint.Address.ScopeId : 0;
        return new RemoteAddress(transport, address, (ushort)endPoint.Port, scope, streamId);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return IsIPv4 ? new IPEndPoint(new IPAddress(bytes[12..]), Port) : new IPEndPoint(new IPAddress(bytes, ScopeId), Port);
    }

    public override string ToString() => Transport == TransportKind.Udp ? "udp peer" : "tcp peer";
}
