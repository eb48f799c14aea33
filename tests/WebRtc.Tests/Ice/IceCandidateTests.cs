using System.Net;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

public sealed class IceCandidateTests
{
    [Fact]
    public void A_UDP_candidate_is_written_as_RFC_8839_says() =>
        new IceCandidate(TransportKind.Udp, IPAddress.Parse("192.0.2.1"), 5082).ToAttributeValue().ShouldBe("1 1 udp 2130706431 192.0.2.1 5082 typ host");

    [Fact]
    public void A_TCP_candidate_is_passive_and_comes_after_every_UDP_one()
    {
        var tcp = new IceCandidate(TransportKind.Tcp, IPAddress.Parse("2001:db8::1"), 5082);

        tcp.ToAttributeValue().ShouldBe("4 1 tcp 1520435199 2001:db8::1 5082 typ host tcptype passive");
        tcp.Priority.ShouldBeLessThan(new IceCandidate(TransportKind.Udp, IPAddress.Loopback, 1, LocalPreference: 0).Priority);
    }

    [Fact]
    public void Local_preference_orders_candidates_of_one_transport()
    {
        foreach (var transport in new[] { TransportKind.Udp, TransportKind.Tcp })
            new IceCandidate(transport, IPAddress.Loopback, 1, 1_000).Priority.ShouldBeLessThan(new IceCandidate(transport, IPAddress.Loopback, 1, 2_000).Priority);
    }

    [Fact]
    public void A_scope_is_not_sent_and_no_address_is_shown()
    {
        var candidate = new IceCandidate(TransportKind.Udp, IPAddress.Parse("fe80::1%3"), 5082);

        candidate.ToAttributeValue().ShouldContain(" fe80::1 ");
        candidate.ToString().ShouldBe("udp host candidate");
    }
}
