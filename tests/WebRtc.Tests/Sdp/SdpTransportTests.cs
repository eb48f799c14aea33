using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

/// <summary>One transport: BUNDLE, multiplexing, ICE, DTLS.</summary>
public sealed class SdpTransportTests
{
    private const string IceLines = "a=ice-ufrag:peer\r\na=ice-pwd:peerPasswordOf32Characters000001\r\n";
    private const string FingerprintLine = "a=fingerprint:sha-256 " + SdpOffers.RemoteFingerprint + "\r\n";

    [Fact]
    public void The_answer_is_that_of_a_passive_lite_receiver_with_all_candidates()
    {
        var (session, answer, text) = SdpOffers.Accept(SdpOffers.Small);

        session.LocalIce.ShouldBe(SdpOffers.LocalIce);
        session.RemoteIce.ShouldBe(new IceCredentials("peer", "peerPasswordOf32Characters000001"));
        Convert.ToHexString(session.Fingerprints.Single().Value).ShouldBe(SdpOffers.RemoteFingerprint.Replace(":", ""));
        text.ShouldStartWith("v=0\r\no=- 4242 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-lite\r\n");
        text.ShouldContain("m=audio 5082 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.10\r\n");
        foreach (var section in answer.Media)
        {
            section.Direction.ShouldBe("recvonly");
            section.Attributes.Find("setup").ShouldBe("passive");
            section.Attributes.Find("fingerprint").ShouldBe("sha-256 " + SdpOffers.LocalFingerprint);
            section.Attributes.Find("ice-ufrag").ShouldBe(SdpOffers.LocalIce.UserFragment);
            section.Attributes.Find("ice-pwd").ShouldBe(SdpOffers.LocalIce.Password);
            section.Attributes.Has("rtcp-mux").ShouldBeTrue();
            section.Attributes.Has("rtcp-rsize").ShouldBeFalse();
        }

        // Candidates stand once, in the tagged section.
        foreach (var line in new[] { "udp 2130706431 192.0.2.10 5082 typ host", "2001:db8::10 5082 typ host", "tcp 1520435199 192.0.2.10 5082 typ host tcptype passive", "a=end-of-candidates" })
            text.Split(line).Length.ShouldBe(2, line);
        answer.Media[0].Attributes.Has("end-of-candidates").ShouldBeTrue();
    }

    [Fact]
    public void Without_candidates_the_default_destination_is_none()
    {
        SdpOffers.Accept(SdpOffers.Small, SdpOffers.Parameters with { Candidates = [] }).Text.ShouldContain("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n");
        SdpOffers.Accept(SdpOffers.Small, SdpOffers.Parameters with { Candidates = [SdpOffers.Parameters.Candidates[1]] }).Text.ShouldContain("c=IN IP6 2001:db8::10\r\n");
    }

    [Fact]
    public void Session_level_holds_where_a_section_says_nothing()
    {
        var offer = SdpOffers.Small.Replace(IceLines, "").Replace(FingerprintLine, "").Replace("a=setup:actpass\r\n", "").Replace("a=sendonly\r\n", "")
            .Replace("t=0 0\r\n", "t=0 0\r\na=sendrecv\r\na=setup:active\r\n" + IceLines + FingerprintLine);

        var (session, _, _) = SdpOffers.Accept(offer);

        session.RemoteIce.UserFragment.ShouldBe("peer");
        session.Media.Count.ShouldBe(2);
    }

    [Fact]
    public void Every_strong_fingerprint_counts_and_weak_ones_do_not()
    {
        var sha384 = string.Join(':', Enumerable.Repeat("ab", 48));
        var sha512 = string.Join(':', Enumerable.Repeat("CD", 64));
        var offer = SdpOffers.Small.Replace(FingerprintLine, "a=fingerprint:sha-1 00:11\r\na=fingerprint:SHA-384 " + sha384 + "\r\n" + FingerprintLine + "a=fingerprint:sha-512 " + sha512 + "\r\n");

        var (session, _, _) = SdpOffers.Accept(offer);

        session.Fingerprints.Select(fingerprint => (fingerprint.Algorithm, fingerprint.Value.Length)).ShouldBe([("sha-384", 48), ("sha-256", 32), ("sha-512", 64)]);
        session.Fingerprints[0].Value.ShouldAllBe(value => value == 0xAB);
    }

    [Theory]
    [InlineData("a=fingerprint:sha-256 AA:BB\r\n")]
    [InlineData("a=fingerprint:sha-256 \r\n")]
    [InlineData("a=fingerprint:sha-256 6B8B5DEA59042023 29C8871CCC8732BEDD8C66A58E5055EA8CD3B65C095ED6BC6B8B5DEA59042023295959595959595959595959595\r\n")]
    [InlineData("a=fingerprint:sha-256 ZZ:8B:5D:EA:59:04:20:23:29:C8:87:1C:CC:87:32:BE:DD:8C:66:A5:8E:50:55:EA:8C:D3:B6:5C:09:5E:D6:BC\r\n")]
    public void A_broken_fingerprint_is_bad_syntax(string line) =>
        SdpOffers.Refuse(SdpOffers.Small.Replace(FingerprintLine, line), SdpRefusal.BadSyntax).ShouldContain("32 octets");

    [Theory]
    [InlineData("a=ice-ufrag:peer\r\n", "a=ice-ufrag:pee\r\n")]
    [InlineData("a=ice-ufrag:peer\r\n", "a=ice-ufrag:pe:r\r\n")]
    [InlineData("a=ice-pwd:peerPasswordOf32Characters000001\r\n", "a=ice-pwd:peerPassword\r\n")]
    public void Broken_credentials_are_bad_syntax(string line, string broken) =>
        SdpOffers.Refuse(SdpOffers.Small.Replace(line, broken), SdpRefusal.BadSyntax).ShouldContain("a=ice-ufrag has 4 to 256");

    [Theory]
    [InlineData("a=rtcp-mux\r\n", "", "a=rtcp-mux is needed")]
    [InlineData("a=ice-ufrag:peer\r\n", "", "a=ice-ufrag and a=ice-pwd are needed")]
    [InlineData(FingerprintLine, "", "DTLS-SRTP only")]
    [InlineData(FingerprintLine, "a=fingerprint:sha-1 00:11\r\n", "DTLS-SRTP only")]
    [InlineData("a=setup:actpass", "a=setup:passive", "DTLS server")]
    [InlineData("a=setup:actpass", "a=setup:holdconn", "DTLS server")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "", "a=group:BUNDLE")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 0\r\na=group:BUNDLE 1\r\n", "a=group:BUNDLE")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 0 1\r\na=ice-lite\r\n", "ICE-lite")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/AVP", "UDP/TLS/RTP/SAVPF")]
    [InlineData("a=sendonly", "a=recvonly", "does not send")]
    [InlineData("a=sendonly", "a=inactive", "does not send")]
    public void What_is_missing_is_said(string line, string replacement, string expected) =>
        SdpOffers.Refuse(SdpOffers.Small.Replace(line, replacement), SdpRefusal.Unacceptable).ShouldContain(expected);

    [Theory]
    [InlineData("a=setup:actpass", "a=setup:active")]
    [InlineData("a=setup:actpass\r\n", "")]
    [InlineData("a=rtcp-mux\r\n", "a=rtcp-mux-only\r\n")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/SAVPF")]
    [InlineData("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF")]
    [InlineData("a=sendonly", "a=sendrecv")]
    [InlineData("a=sendonly\r\n", "")]
    public void Other_words_for_the_same_are_taken(string line, string replacement) => SdpOffers.Accept(SdpOffers.Small.Replace(line, replacement)).Session.Media.Count.ShouldBe(2);

    [Fact]
    public void The_tagged_section_is_the_first_of_the_group_that_is_received()
    {
        var offer = SdpOffers.Small.Replace("BUNDLE 0 1", "BUNDLE 1 0");
        var video = offer.IndexOf("m=video", StringComparison.Ordinal);
        offer = offer[..video] + offer[video..].Replace("a=ice-ufrag:peer", "a=ice-ufrag:tagged");

        var (session, answer, _) = SdpOffers.Accept(offer);

        session.RemoteIce.UserFragment.ShouldBe("tagged");
        answer.Attributes.Find("group").ShouldBe("BUNDLE 1 0");
        answer.Media[1].Attributes.Has("end-of-candidates").ShouldBeTrue();

        // Its video not wanted, audio is the tagged one.
        SdpOffers.Accept(offer, SdpOffers.Parameters with { AcceptVideo = false }).Session.RemoteIce.UserFragment.ShouldBe("peer");
    }

    [Fact]
    public void One_section_needs_neither_group_nor_mid()
    {
        var offer = SdpOffers.Small[..SdpOffers.Small.IndexOf("m=video", StringComparison.Ordinal)].Replace("a=group:BUNDLE 0 1\r\n", "").Replace("a=mid:0\r\n", "");

        var (session, answer, text) = SdpOffers.Accept(offer);

        session.Media.Single().Mid.ShouldBe("");
        answer.Attributes.Has("group").ShouldBeFalse();
        text.ShouldNotContain("a=mid");
    }

    [Fact]
    public void A_kind_that_is_not_wanted_is_rejected_in_place()
    {
        var (session, answer, text) = SdpOffers.Accept(SdpOffers.Small, SdpOffers.Parameters with { AcceptVideo = false });

        session.Media.Single().Kind.ShouldBe(MediaKind.Audio);
        answer.Attributes.Find("group").ShouldBe("BUNDLE 0");
        text.ShouldEndWith("m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=inactive\r\n");
        SdpOffers.Refuse(SdpOffers.Small, SdpRefusal.Unacceptable, SdpOffers.Parameters with { AcceptAudio = false, AcceptVideo = false }).ShouldContain("not wanted");
    }

    [Fact]
    public void An_offer_of_nothing_is_refused() => SdpOffers.Refuse("v=0\r\n", SdpRefusal.Unacceptable).ShouldContain("no media section");

    [Fact]
    public void Big_offers_with_names_and_addresses_of_all_kinds_are_answered()
    {
        var candidates = string.Concat(Enumerable.Range(1, 150).Select(number =>
            $"a=candidate:{number} 1 udp 2113937151 {(number % 3) switch { 0 => "9b36eaac-bb2e-49bb-bb78-21c41c499900.local", 1 => "2001:db8::" + number, _ => "192.0.2.1" }} 9 typ host generation 0\r\n"));
        var offer = SdpOffers.Small.Replace("a=mid:0\r\n", "a=mid:0\r\na=something-new:1 2 3\r\n" + candidates);
        offer.Length.ShouldBeGreaterThan(10_000);

        SdpOffers.Accept(offer + string.Concat(Enumerable.Repeat("a=ssrc:1 cname:x\r\n", 500))).Session.Media.Count.ShouldBe(2);
    }

    [Fact]
    public void Nothing_secret_is_shown()
    {
        var result = SdpNegotiator.Answer(SdpOffers.Small, SdpOffers.Parameters);
        var broken = SdpNegotiator.Answer(SdpOffers.Small.Replace("a=ice-ufrag:peer\r\n", "a=ice-ufrag:p\r\n"), SdpOffers.Parameters);
        foreach (var shown in new[] { result.ToString(), result.Session!.ToString(), SdpOffers.Parameters.ToString(), broken.ToString(), broken.Message })
        {
            foreach (var secret in new[] { "peerPassword", "localPassword", "localFragment", "192.0.2", SdpOffers.RemoteFingerprint })
                shown.ShouldNotContain(secret);
        }
    }
}
