using MediaScore.TestMedia;
using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

/// <summary>Offers that browsers and other stacks really made.</summary>
public sealed class SdpBrowserOfferTests
{
    [Fact]
    public void Chromium_is_answered_with_Opus_and_constrained_baseline_H264()
    {
        var (session, answer, text) = SdpOffers.Accept(SdpOffers.Chromium);

        session.Media.Select(media => media.Kind).ShouldBe([MediaKind.Audio, MediaKind.Video]);
        var audio = session.Media[0];
        audio.ShouldBe(new NegotiatedMedia(
            MediaKind.Audio, "0", RtpCodec.Opus, 111, null, 48_000, new HeaderExtensionIds(4, 0, 0, 3, 2, 1, 0), RtcpFeedbackKinds.TransportCc, audio.Ssrc)
        { ParameterSets = audio.ParameterSets });
        var video = session.Media[1];
        video.Codec.ShouldBe(RtpCodec.H264);
        (video.PayloadType, video.RtxPayloadType).ShouldBe(((byte)108, (byte?)109));
        video.Extensions.ShouldBe(new HeaderExtensionIds(4, 10, 11, 3, 2, 0, 13));
        video.Feedback.ShouldBe(RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir | RtcpFeedbackKinds.TransportCc | RtcpFeedbackKinds.Remb);
        (video.Ssrc is not null && video.RtxSsrc is not null).ShouldBeTrue();
        video.Rid.ShouldBeNull();
        session.Fingerprints.Single().Algorithm.ShouldBe("sha-256");
        answer.Attributes.Has("extmap-allow-mixed").ShouldBeTrue();
        text.ShouldContain("a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n");
        text.ShouldContain("a=fmtp:111 minptime=10;useinbandfec=1;stereo=0\r\n");
    }

    [Fact]
    public void Firefox_without_OpenH264_is_answered_with_VP8()
    {
        var (session, answer, _) = SdpOffers.Accept(SdpOffers.Firefox);

        var video = session.Media[1];
        video.Codec.ShouldBe(RtpCodec.Vp8);
        (video.PayloadType, video.RtxPayloadType).ShouldBe(((byte)120, (byte?)124));
        // csrc-audio-level and playout-delay are recvonly in the offer and not ours anyway.
        session.Media[0].Extensions.ShouldBe(new HeaderExtensionIds(3, 0, 0, 7, 0, 1, 0));
        // A port of 0 with bundle-only is no rejection.
        answer.Media[1].Disabled.ShouldBeFalse();
    }

    [Fact]
    public void Data_channel_and_second_video_are_rejected_in_place()
    {
        var (session, answer, text) = SdpOffers.Accept(SdpOffers.ChromiumWithMore);

        answer.Media.Select(section => (section.Kind, section.Disabled)).ShouldBe([("audio", false), ("video", false), ("video", true), ("application", true)]);
        answer.Attributes.Find("group").ShouldBe("BUNDLE 0 1");
        session.Media.Select(media => media.Mid).ShouldBe(["0", "1"]);
        text.ShouldContain("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n");
    }

    [Theory]
    [InlineData("aiortc_audio_chrome.sdp", "Opus")]
    [InlineData("aiortc_audio_firefox.sdp", "Opus")]
    [InlineData("aiortc_safari.sdp", "Opus,H264")]
    [InlineData("aiortc_video_chrome.sdp", "Vp8")]
    [InlineData("aiortc_video_firefox.sdp", "Vp8")]
    [InlineData("aiortc_video_session_star_rtcp_fb.sdp", "Vp8")]
    [InlineData("medooze_chrome_unified_simulcast_0.sdp", "Opus")]
    [InlineData("medooze_example_0.sdp", "Opus,H264")]
    [InlineData("medooze_firefox_0.sdp", "Opus,H264")]
    [InlineData("medooze_firefox_recvonly_0.sdp", "Opus,H264")]
    [InlineData("medooze_simulcast_0.sdp", "Opus,H264")]
    [InlineData("medooze_simulcast_mix_0.sdp", "Opus,H264")]
    [InlineData("mozilla_41.sdp", "Opus,Vp8")]
    [InlineData("sdptransform_jsep.sdp", "Opus,Vp8")]
    [InlineData("sdptransform_jssip.sdp", "Opus")]
    [InlineData("sdptransform_ssrc.sdp", "Opus,H264")]
    public void Offers_of_browsers_of_all_years_are_answered(string file, string codecs)
    {
        var (session, answer, _) = SdpOffers.Accept(ReadShared(file));

        string.Join(',', session.Media.Select(media => media.Codec)).ShouldBe(codecs);
        answer.Media.Count(section => !section.Disabled).ShouldBe(session.Media.Count);
        session.Fingerprints.ShouldNotBeEmpty();
    }

    [Theory]
    // A browser that only receives; G.711 only; clear RTP; no m-line that is ours; ICE-lite; a DTLS server; keys in the SDP; SHA-1.
    [InlineData("medooze_transceivers_0.sdp", "does not send")]
    [InlineData("aiortc_audio_freeswitch.sdp", "opus/48000/2 is not among its formats")]
    [InlineData("aiortc_audio_rtcp_without_port.sdp", "protocol is not UDP/TLS/RTP/SAVPF")]
    [InlineData("aiortc_datachannel_firefox.sdp", "only audio and video are received")]
    [InlineData("aiortc_audio_ice_lite.sdp", "ICE-lite")]
    [InlineData("medooze_unify_0.sdp", "a=setup has to be actpass or active")]
    [InlineData("sdptransform_normal.sdp", "a=rtcp-mux is needed")]
    [InlineData("mozilla_12.sdp", "a=group:BUNDLE")]
    [InlineData("sdptransform_hacky.sdp", "DTLS-SRTP only")]
    [InlineData("sdptransform_tcp-active.sdp", "only audio and video")]
    public void What_cannot_be_answered_is_refused_with_what_is_missing(string file, string expected) =>
        SdpOffers.Refuse(ReadShared(file), SdpRefusal.Unacceptable).ShouldContain(expected);

    [Fact]
    public void Every_fixture_is_answered_or_refused()
    {
        Assert.SkipWhen(SharedTestData.TryFind("webrtc", "sdp") is null, SharedTestData.SkipReason);
        foreach (var file in Directory.GetFiles(SharedTestData.TryFind("webrtc", "sdp")!).Concat(Directory.GetFiles(SharedTestData.TryFind("webrtc", "corpus/sdp")!)))
        {
            var result = SdpNegotiator.Answer(File.ReadAllText(file), SdpOffers.Parameters);
            (result.Session is null).ShouldBe(result.Refusal != SdpRefusal.None, file);
        }
    }

    private static string ReadShared(string file)
    {
        Assert.SkipWhen(SharedTestData.TryFind("webrtc", "sdp") is null, SharedTestData.SkipReason);
        return File.ReadAllText(SharedTestData.TryFind("webrtc", "sdp", file)!);
    }
}
