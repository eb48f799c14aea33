using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MediaScore.WebRtc.Ice;

/// <summary>A host candidate of ours: UDP, or ICE-TCP passive (RFC 6544).</summary>
/// <param name="LocalPreference">0 to 65535: which of our addresses is to be tried first.</param>
internal sealed record IceCandidate(TransportKind Transport, IPAddress Address, ushort Port, ushort LocalPreference = ushort.MaxValue)
{
    // RFC 8445, 5.1.2.2: 126 is recommended for host candidates. TCP loses to every UDP pair (RFC 6544, 4.2): browsers give their own TCP candidates 90.
    private const uint UdpHostPreference = 126;
    private const uint TcpHostPreference = 90;

    // RFC 6544, 4.2: direction preference 4 of a passive host candidate, in the upper three bits of the local preference.
    private const uint TcpPassiveDirection = 4;

    /// <summary>RFC 8445, 5.1.2.1. Component 1: RTCP is multiplexed.</summary>
    public uint Priority => Transport == TransportKind.Udp
        ? UdpHostPreference << 24 | (uint)LocalPreference << 8 | 255
        : TcpHostPreference << 24 | (TcpPassiveDirection << 13 | LocalPreference & 0x1FFFu) << 8 | 255;

    /// <summary>RFC 8839, 5.1: the same for candidates of one type, address and protocol, so that a checker can freeze likely equal pairs.</summary>
    public string Foundation => ((Transport == TransportKind.Udp ? 1 : 3) + (Address.AddressFamily == AddressFamily.InterNetworkV6 ? 1 : 0)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Without a scope, which means something on this machine only.</summary>
    public string AddressText => (Address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(Address.GetAddressBytes()) : Address).ToString();

    /// <summary>The value of <c>a=candidate</c>.</summary>
    public string ToAttributeValue() => Transport == TransportKind.Udp
        ? string.Create(CultureInfo.InvariantCulture, $"{Foundation} 1 udp {Priority} {AddressText} {Port} typ host")
        : string.Create(CultureInfo.InvariantCulture, $"{Foundation} 1 tcp {Priority} {AddressText} {Port} typ host tcptype passive");

    public override string ToString() => Transport == TransportKind.Udp ? "udp host candidate" : "tcp host candidate";
}
