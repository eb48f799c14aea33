using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

public sealed class SdpCodecTests
{
    private const string Mode1 = "packetization-mode=1;level-asymmetry-allowed=1;profile-level-id=";

    [Theory]
    // The offer's order, and which payload type is taken: mode 1 before 0, then the simplest profile, then the first.
    [InlineData("102:" + Mode1 + "640c1f|104:" + Mode1 + "42e01f", 104)]
    [InlineData("102:" + Mode1 + "42001f|104:" + Mode1 + "42e01f", 104)]
    [InlineData("102:" + Mode1 + "4d001f|104:" + Mode1 + "42001f", 104)]
    [InlineData("102:" + Mode1 + "42e01f|104:" + Mode1 + "42e01f", 102)]
    [InlineData("102:profile-level-id=42e01f|104:" + Mode1 + "64001f", 104)]
    [InlineData("102:packetization-mode=2;profile-level-id=42e01f|104:profile-level-id=42e01f", 104)]
    [InlineData("102:" + Mode1 + "f4001f|104:" + Mode1 + "64001f", 104)]
    [InlineData("102:" + Mode1 + "42e0|104:" + Mode1 + "640c1f", 104)]
    [InlineData("102:Packetization-Mode=1; PROFILE-LEVEL-ID=42E01F", 102)]
    [InlineData("102:", 102)]
    public void The_cheapest_H264_is_taken(string formats, int expected)
    {
        var (session, _, _) = SdpOffers.Accept(WithVideo(formats));

        session.Media[1].Codec.ShouldBe(RtpCodec.H264);
        session.Media[1].PayloadType.ShouldBe((byte)expected);
    }

    [Theory]
    [InlineData(Mode1 + "f4001f")]
    [InlineData(Mode1 + "6e001f")]
    [InlineData(Mode1 + "zzzzzz")]
    [InlineData("packetization-mode=2;profile-level-id=42e01f")]
    public void H264_that_cannot_be_used_gives_way_to_VP8(string parameters)
    {
        var (session, _, _) = SdpOffers.Accept(WithVideo("102:" + parameters, vp8: true));

        session.Media[1].Codec.ShouldBe(RtpCodec.Vp8);
    }

    [Fact]
    public void Profile_and_mode_are_repeated_as_offered()
    {
        SdpOffers.Accept(WithVideo("102:" + Mode1 + "42E01F;x-google-start-bitrate=1")).Text
            .ShouldContain("a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42E01F\r\n");
        SdpOffers.Accept(WithVideo("102:profile-level-id=42e01f")).Text.ShouldContain("a=fmtp:102 profile-level-id=42e01f\r\n");
        SdpOffers.Accept(WithVideo("102:")).Text.ShouldNotContain("a=fmtp:102");
    }

    [Fact]
    public void Preference_and_requirement_choose_between_codecs()
    {
        Codec(SdpOffers.Parameters).ShouldBe(RtpCodec.H264);
        Codec(SdpOffers.Parameters with { VideoPreference = [RtpCodec.Vp8, RtpCodec.H264] }).ShouldBe(RtpCodec.Vp8);
        Codec(SdpOffers.Parameters with { VideoPreference = [RtpCodec.H264], RequiredVideo = RtpCodec.Vp8 }).ShouldBe(RtpCodec.Vp8);

        static RtpCodec Codec(SdpAnswerParameters parameters) => SdpOffers.Accept(SdpOffers.Chromium, parameters).Session.Media[1].Codec;
    }

    [Fact]
    public void An_offer_without_the_required_codec_is_refused_and_one_without_video_is_not()
    {
        var required = SdpOffers.Parameters with { RequiredVideo = RtpCodec.H264 };

        SdpOffers.Refuse(SdpOffers.Firefox, SdpRefusal.Unacceptable, required).ShouldContain("H.264");
        SdpOffers.Accept(SdpOffers.Small[..SdpOffers.Small.IndexOf("m=video", StringComparison.Ordinal)], required).Session.Media.Single().Codec.ShouldBe(RtpCodec.Opus);
    }

    [Fact]
    public void VP9_AV1_and_others_are_not_answered()
    {
        var offer = SdpOffers.Small.Replace("SAVPF 96", "SAVPF 98 45 96").Replace("a=rtpmap:96", "a=rtpmap:98 VP9/90000\r\na=rtpmap:45 AV1/90000\r\na=rtpmap:96");

        SdpOffers.Accept(offer).Answer.Media[1].Formats.ShouldBe(["96"]);
    }

    [Fact]
    public void Sound_is_not_taken_without_the_picture_that_is_sent_beside_it()
    {
        SdpOffers.Refuse(SdpOffers.Small.Replace("VP8/90000", "VP9/90000"), SdpRefusal.Unacceptable).ShouldContain("section 2 (video): neither VP8/90000 nor H264/90000");
        SdpOffers.Refuse(SdpOffers.Small.Replace("opus/48000/2", "opus/48000"), SdpRefusal.Unacceptable).ShouldContain("section 1 (audio): opus/48000/2 is not");
        // Unless another section brings that kind, or it is not wanted.
        var second = SdpOffers.Small[SdpOffers.Small.IndexOf("m=video", StringComparison.Ordinal)..].Replace("a=mid:1", "a=mid:2");
        var (session, answer, _) = SdpOffers.Accept(SdpOffers.Small.Replace("VP8/90000", "VP9/90000").Replace("BUNDLE 0 1", "BUNDLE 0 1 2") + second);
        session.Media.Select(media => media.Mid).ShouldBe(["0", "2"]);
        answer.Media[1].Disabled.ShouldBeTrue();
        SdpOffers.Accept(SdpOffers.Small.Replace("VP8/90000", "VP9/90000"), SdpOffers.Parameters with { AcceptVideo = false }).Session.Media.Count.ShouldBe(1);
    }

    [Fact]
    public void Names_of_codecs_are_read_in_any_case()
    {
        var offer = SdpOffers.Small.Replace("opus/48000/2", "OPUS/48000/2").Replace("VP8/90000", "vp8/90000");

        SdpOffers.Accept(offer).Session.Media.Select(media => media.Codec).ShouldBe([RtpCodec.Opus, RtpCodec.Vp8]);
    }

    [Fact]
    public void Sound_is_asked_for_with_FEC_mono_and_twenty_milliseconds()
    {
        var plain = SdpOffers.Accept(SdpOffers.Small).Text;
        plain.ShouldContain("a=fmtp:111 minptime=10;useinbandfec=1;stereo=0\r\n");
        plain.ShouldContain("a=ptime:20\r\n");

        SdpOffers.Accept(SdpOffers.Small.Replace("opus/48000/2", "opus/48000/2\r\na=fmtp:111 usedtx=1")).Text.ShouldContain("stereo=0;usedtx=1\r\n");
        SdpOffers.Accept(SdpOffers.Small.Replace("opus/48000/2", "opus/48000/2\r\na=maxptime:10")).Text.ShouldNotContain("a=ptime");
    }

    [Fact]
    public void Retransmission_is_the_one_of_the_chosen_codec()
    {
        var offer = WithVideo("102:" + Mode1 + "42e01f", vp8: true, extra: "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102;rtx-time=3000\r\n", formats: "97 103");

        var (session, _, text) = SdpOffers.Accept(offer);

        session.Media[1].RtxPayloadType.ShouldBe((byte)103);
        text.ShouldContain("m=video 5082 UDP/TLS/RTP/SAVPF 102 103\r\n");
        text.ShouldContain("a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n");
    }

    [Fact]
    public void Parameter_sets_out_of_band_are_handed_on_and_broken_ones_are_not()
    {
        // Of the fixture sdptransform_normal.sdp.
        var (session, _, _) = SdpOffers.Accept(WithVideo("102:" + Mode1 + "4d0028;sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA=="));
        session.Media[1].ParameterSets.Select(Convert.ToHexString).ShouldBe(["6742001F95A814016E40", "68CE3C80"]);

        foreach (var broken in new[] { "?", "Z0IAH5WoFAFuQA==,", "AAAA", new string('Z', 3_000) })
            SdpOffers.Accept(WithVideo("102:" + Mode1 + "4d0028;sprop-parameter-sets=" + broken)).Session.Media[1].ParameterSets.ShouldBeEmpty();
    }

    /// <param name="codecs"><c>pt:fmtp|pt:fmtp</c>, all H264.</param>
    private static string WithVideo(string codecs, bool vp8 = false, string extra = "", string formats = "")
    {
        var lines = "";
        var types = "";
        foreach (var codec in codecs.Split('|'))
        {
            var colon = codec.IndexOf(':');
            types += " " + codec[..colon];
            lines += $"a=rtpmap:{codec[..colon]} H264/90000\r\n" + (colon + 1 < codec.Length ? $"a=fmtp:{codec[..colon]} {codec[(colon + 1)..]}\r\n" : "");
        }

        if (vp8)
        {
            types = " 96" + types;
            lines = "a=rtpmap:96 VP8/90000\r\n" + lines;
        }

        return SdpOffers.Small.Replace("SAVPF 96", "SAVPF" + types + (formats.Length > 0 ? " " + formats : "")).Replace("a=rtpmap:96 VP8/90000\r\n", lines + extra);
    }
}
