using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

public sealed class IceFragmentTests
{
    // Shapes of RFC 9725, 4.3.2 and 4.3.3.
    public const string Trickle =
        "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
        + "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
        + "a=candidate:3471623853 1 udp 2122194687 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 61765 typ host generation 0\r\na=end-of-candidates\r\n";

    public const string Restart =
        "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n"
        + "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n";

    [Fact]
    public void A_trickled_fragment_is_read_and_its_names_are_not_resolved()
    {
        IceFragment.TryParse(Trickle, out var content).ShouldBeTrue();

        content.Credentials.ShouldBe(new IceCredentials("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"));
        content.CandidateCount.ShouldBe(2);
        content.EndOfCandidates.ShouldBeTrue();
    }

    [Fact]
    public void A_restart_brings_other_credentials()
    {
        IceFragment.TryParse(Restart, out var content).ShouldBeTrue();

        content.Credentials!.UserFragment.ShouldBe("ysXw");
        content.EndOfCandidates.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n")]
    [InlineData("a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.1 1 typ host\r\n")]
    [InlineData("a=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n")]
    public void Credentials_may_stand_at_the_top(string body)
    {
        IceFragment.TryParse(body, out var content).ShouldBeTrue();

        content.Credentials!.Password.ShouldBe("P2uYro0UCOQ4zxjKXaWCBui1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=end-of-candidates\r\n")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.1 1 typ host\r\n")]
    public void A_fragment_may_have_no_credentials(string body)
    {
        IceFragment.TryParse(body, out var content).ShouldBeTrue();

        content.Credentials.ShouldBeNull();
    }

    [Theory]
    [InlineData("{\"candidate\":\"\"}")]
    [InlineData("a=ice-ufrag:EsAw\r\n")]
    [InlineData("a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n")]
    [InlineData("a=ice-ufrag:EsA\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n")]
    [InlineData("a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n")]
    [InlineData("a=ice-ufrag:Es Aw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n")]
    [InlineData("a=tool:something else\r\n")]
    [InlineData("m=audio\r\n")]
    public void What_is_no_fragment_is_refused(string body) => IceFragment.TryParse(body, out _).ShouldBeFalse();

    [Fact]
    public void The_answer_to_a_restart_can_be_read_by_its_own_rules()
    {
        var (session, _, _) = SdpOffers.Accept(SdpOffers.Small);

        var text = IceFragment.Write(session, new IceCredentials("newLocal", "newLocalPasswordOf32Characters01"), SdpOffers.Parameters.Candidates);

        IceFragment.TryParse(text, out var content).ShouldBeTrue();
        content.Credentials.ShouldBe(new IceCredentials("newLocal", "newLocalPasswordOf32Characters01"));
        content.CandidateCount.ShouldBe(3);
        content.EndOfCandidates.ShouldBeTrue();
        text.ShouldStartWith("a=ice-lite\r\n");
        text.ShouldContain("\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n");
        text.ShouldContain("tcptype passive");
    }

    [Fact]
    public void Nothing_secret_is_shown()
    {
        IceFragment.TryParse(Trickle, out var content).ShouldBeTrue();

        content.ToString().ShouldNotContain("EsAw");
        content.ToString().ShouldNotContain("192.0.2.1");
    }
}
