using System.Net;
using System.Net.Sockets;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>Whom limits per address count together. Kept in memory only, never logged.</summary>
internal static class AddressKey
{
    /// <summary>An IPv4 address, or the /64 of an IPv6 address: the least that a network gives to one customer (RFC 6177), who has all of it.</summary>
    public static UInt128 Of(IPAddress? address)
    {
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes, out var count);
        if (count == 16 && address.AddressFamily is AddressFamily.InterNetworkV6)
            bytes[8..].Clear();
        var key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        // An IPv4 address fills the first four bytes; this keeps it apart from a network whose prefix is the same four.
        return count == 4 ? key | 1 : key;
    }
}
