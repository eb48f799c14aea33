using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

/// <summary>Header extensions, feedback and sources.</summary>
public sealed class SdpExtensionTests
{
    [Fact]
    public void Known_extensions_are_answered_with_the_offers_ids()
    {
        var (session, _, text) = SdpOffers.Accept(WithAudioLines(
            "a=extmap:9 " + ExtensionChoice.Mid, "a=extmap:1/sendonly " + ExtensionChoice.AudioLevel + " vad=on", "a=extmap:2 urn:example:unknown", "a=extmap:3/recvonly " + ExtensionChoice.TransportSequence));

        session.Media[0].Extensions.ShouldBe(new HeaderExtensionIds(9, 0, 0, 0, 0, 1, 0));
        text.ShouldContain("a=extmap:9 " + ExtensionChoice.Mid + "\r\n");
        text.ShouldContain("a=extmap:1 " + ExtensionChoice.AudioLevel + "\r\n");
        text.ShouldNotContain("urn:example");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("1/inactive")]
    [InlineData("x")]
    public void Ids_out_of_range_and_dead_directions_are_left_out(string id) =>
        SdpOffers.Accept(WithAudioLines("a=extmap:" + id + " " + ExtensionChoice.Mid)).Session.Media[0].Extensions.Mid.ShouldBe((byte)0);

    [Fact]
    public void Two_byte_ids_need_both_sides_consent()
    {
        var (session, answer, _) = SdpOffers.Accept(WithAudioLines("a=extmap-allow-mixed", "a=extmap:200 " + ExtensionChoice.Mid));

        session.Media[0].Extensions.Mid.ShouldBe((byte)200);
        answer.Media[0].Attributes.Has("extmap-allow-mixed").ShouldBeTrue();
        answer.Media[1].Attributes.Has("extmap-allow-mixed").ShouldBeFalse();
    }

    [Fact]
    public void One_id_has_one_meaning_in_the_bundle()
    {
        var offer = WithAudioLines("a=extmap:4 " + ExtensionChoice.Mid, "a=extmap:4 " + ExtensionChoice.AudioLevel, "a=extmap:5 " + ExtensionChoice.Mid)
            .Replace("a=mid:1\r\n", "a=mid:1\r\na=extmap:4 " + ExtensionChoice.VideoOrientation + "\r\na=extmap:6 " + ExtensionChoice.Mid + "\r\n");

        var (session, _, _) = SdpOffers.Accept(offer);

        session.Media[0].Extensions.ShouldBe(new HeaderExtensionIds(4, 0, 0, 0, 0, 0, 0));
        session.Media[1].Extensions.ShouldBe(new HeaderExtensionIds(6, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void Feedback_is_what_both_can_for_the_chosen_format()
    {
        var offer = SdpOffers.Small.Replace("a=rtpmap:96 VP8/90000\r\n",
            "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:* ccm fir\r\na=rtcp-fb:97 nack pli\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ack rpsi\r\na=rtcp-fb:96\r\n");

        var (session, answer, _) = SdpOffers.Accept(offer);

        // transport-cc without its extension reports nothing.
        session.Media[1].Feedback.ShouldBe(RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Fir);
        answer.Media[1].Attributes.All("rtcp-fb").ShouldBe(["96 nack", "96 ccm fir"]);
    }

    [Fact]
    public void Feedback_of_the_session_level_counts()
    {
        var offer = SdpOffers.Small.Replace("t=0 0\r\n", "t=0 0\r\na=rtcp-fb:* nack pli\r\n");

        SdpOffers.Accept(offer).Session.Media[1].Feedback.ShouldBe(RtcpFeedbackKinds.Pli);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("a=ssrc:1 cname:x\r\na=ssrc:2 cname:x\r\n", 1u, null)]
    [InlineData("a=ssrc:2 cname:x\r\na=ssrc-group:FID 1 2\r\n", 1u, 2u)]
    [InlineData("a=ssrc-group:SIM 3 1 2\r\na=ssrc-group:FID 1 11\r\na=ssrc-group:FID 3 33\r\n", 3u, 33u)]
    [InlineData("a=ssrc-group:FID 1 x\r\na=ssrc-group:FEC-FR 5 6\r\na=ssrc:4294967296 cname:x\r\n", null, null)]
    public void Signalled_sources_are_hints(string lines, uint? media, uint? rtx)
    {
        var (session, _, _) = SdpOffers.Accept(SdpOffers.Small + lines);

        (session.Media[1].Ssrc, session.Media[1].RtxSsrc).ShouldBe((media, rtx));
    }

    [Fact]
    public void Reduced_size_reports_are_answered_where_offered()
    {
        var (_, answer, _) = SdpOffers.Accept(SdpOffers.Small + "a=rtcp-rsize\r\n");

        answer.Media[0].Attributes.Has("rtcp-rsize").ShouldBeFalse();
        answer.Media[1].Attributes.Has("rtcp-rsize").ShouldBeTrue();
    }

    private static string WithAudioLines(params string[] lines) => SdpOffers.Small.Replace("a=mid:0\r\n", "a=mid:0\r\n" + string.Join("\r\n", lines) + "\r\n");
}
