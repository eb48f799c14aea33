using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

public sealed class LocalCandidatesTests
{
    [Fact]
    public void Public_addresses_are_named_alone_with_both_transports()
    {
        var candidates = Make(new RtcOptions { Address = "::", PublicAddresses = ["203.0.113.10", "2001:db8::10"] }).Current;

        candidates.Select(c => (c.Transport, c.Address.ToString(), c.Port)).ShouldBe(
        [
            (TransportKind.Udp, "203.0.113.10", (ushort)5082),
            (TransportKind.Udp, "2001:db8::10", (ushort)5082),
            (TransportKind.Tcp, "203.0.113.10", (ushort)443),
            (TransportKind.Tcp, "2001:db8::10", (ushort)443),
        ]);
        candidates.Select(c => c.Priority).ShouldBe(candidates.Select(c => c.Priority).OrderDescending());
        candidates.Select(c => c.Priority).ShouldBeUnique();
    }

    [Fact]
    public void An_address_that_is_listened_on_is_the_one_that_is_named() =>
        Make(new RtcOptions { Address = "127.0.0.1" }).UdpEndPoints.ShouldBe([new IPEndPoint(IPAddress.Loopback, 5082)]);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Every_address_is_this_machines_own_without_link_local_ones(string any)
    {
        var addresses = Make(new RtcOptions { Address = any }).UdpEndPoints.Select(e => e.Address).ToList();

        addresses.Count.ShouldBeInRange(1, 8);
        addresses.ShouldAllBe(a => !a.IsIPv6LinkLocal && !a.Equals(IPAddress.Any));
        if (any == "0.0.0.0")
            addresses.ShouldAllBe(a => a.AddressFamily == AddressFamily.InterNetwork);
    }

    private static LocalCandidates Make(RtcOptions options) => new(options, TimeProvider.System, 5082, 443);
}
