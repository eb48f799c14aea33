using System.Net;
using MediaScore.TestMedia;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

/// <summary>Offers to answer: as two browsers of today made them for pages of ours (<c>Offers/</c>), and a small one to change.</summary>
internal static class SdpOffers
{
    public const string LocalFingerprint =
        "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";

    public const string RemoteFingerprint =
        "6B:8B:5D:EA:59:04:20:23:29:C8:87:1C:CC:87:32:BE:DD:8C:66:A5:8E:50:55:EA:8C:D3:B6:5C:09:5E:D6:BC";

    public static readonly IceCredentials LocalIce = new("localFragment001", "localPasswordOf32Characters00001");

    public static readonly SdpAnswerParameters Parameters = new(LocalIce, LocalFingerprint, 4_242,
    [
        new IceCandidate(TransportKind.Udp, IPAddress.Parse("192.0.2.10"), 5_082),
        new IceCandidate(TransportKind.Udp, IPAddress.Parse("2001:db8::10"), 5_082, 65_000),
        new IceCandidate(TransportKind.Tcp, IPAddress.Parse("192.0.2.10"), 5_082),
    ]);

    /// <summary>Chromium 156: one audio and one video transceiver that send.</summary>
    public static string Chromium { get; } = Read("chromium-156.sdp");

    /// <summary>Chromium 156: a data channel, audio, and two video sections.</summary>
    public static string ChromiumWithMore { get; } = Read("chromium-156-data-second-video.sdp");

    /// <summary>Chromium 156: three encodings, rids q, h, f from small to large.</summary>
    public static string Simulcast { get; } = Read("chromium-156-simulcast.sdp");

    /// <summary>Firefox ESR 153.</summary>
    public static string Firefox { get; } = Read("firefox-153.sdp");

    /// <summary>Firefox ESR 153, the same three encodings.</summary>
    public static string FirefoxSimulcast { get; } = Read("firefox-153-simulcast.sdp");

    /// <summary>The shortest offer that is answered with both kinds.</summary>
    public static readonly string Small = string.Join("\r\n",
    [
        "v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:peer", "a=ice-pwd:peerPasswordOf32Characters000001",
        "a=fingerprint:sha-256 " + RemoteFingerprint, "a=setup:actpass", "a=sendonly", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2",
        "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:1", "a=ice-ufrag:peer", "a=ice-pwd:peerPasswordOf32Characters000001",
        "a=fingerprint:sha-256 " + RemoteFingerprint, "a=setup:actpass", "a=sendonly", "a=rtcp-mux", "a=rtpmap:96 VP8/90000", "",
    ]);

    /// <summary>Answers, and fails with the reason where that is refused.</summary>
    public static (NegotiatedSession Session, SdpDescription Answer, string Text) Accept(string offer, SdpAnswerParameters? parameters = null)
    {
        var result = SdpNegotiator.Answer(offer, parameters ?? Parameters);
        result.Refusal.ShouldBe(SdpRefusal.None, result.Message);
        SdpReader.TryRead(result.Answer!, fragment: false, out var answer, out _, out var error).ShouldBeTrue(error);
        return (result.Session!, answer, result.Answer!);
    }

    public static string Refuse(string offer, SdpRefusal expected, SdpAnswerParameters? parameters = null)
    {
        var result = SdpNegotiator.Answer(offer, parameters ?? Parameters);
        result.Refusal.ShouldBe(expected, result.Message);
        result.Answer.ShouldBeNull();
        result.Session.ShouldBeNull();
        return result.Message;
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "tests", "WebRtc.Tests", "Sdp", "Offers", name));
}
