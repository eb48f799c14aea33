using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>What a terminal proves itself with. Only hashes are kept.</summary>
internal static class DeviceCredentials
{
    public const int MinKeyLength = 16;
    public const int MaxKeyLength = 128;

    /// <summary>SHA-256, hex. Keys are random, so salt or a slow hash would add nothing.</summary>
    public static string OfKey(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Of gRPC's <c>ipv4:1.2.3.4:567</c> or <c>ipv6:[::1]:567</c>; null for anything else.</summary>
    public static IPAddress? AddressOf(string peer)
    {
        var at = peer.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && IPEndPoint.TryParse(Uri.UnescapeDataString(peer[(at + 1)..]), out var endpoint) ? endpoint.Address : null;
    }
}
