using System.Text;

namespace MediaScore.Peers.Whip;

/// <summary>Numbers that an offer names and the sender then uses.</summary>
/// <param name="AudioSsrc">Of the microphone.</param>
/// <param name="VideoSsrcs">One a simulcast layer, at least one.</param>
/// <param name="RtxSsrcs">Their retransmission streams.</param>
internal sealed record SenderOfferIds(
    ulong SessionId, string UserFragment, string Password, string Fingerprint, string Cname, uint AudioSsrc, IReadOnlyList<uint> VideoSsrcs, IReadOnlyList<uint> RtxSsrcs);

/// <summary>An offer's text, after what browsers offer: payload types, order and extensions as there, in own words where words are free.</summary>
internal static class SenderOffer
{
    internal const byte OpusPayloadType = 111;
    internal const byte Vp8PayloadType = 96;
    internal const byte H264PayloadType = 103;
    internal const string AudioMid = "0";
    internal const string VideoMid = "1";

    private const string AudioLevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    private const string AbsoluteSendTimeUri = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    private const string TransportCcUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    private const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string RidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string RepairedRidUri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    private const string OrientationUri = "urn:3gpp:video-orientation";

    public static string Write(SenderOfferOptions options, SenderOfferIds ids)
    {
        var text = new StringBuilder(8 * 1024);
        var mids = new List<string>();
        if (options.Audio)
            mids.Add(AudioMid);
        if (options.Video)
            mids.Add(VideoMid);
        if (options.SecondVideo)
            mids.Add("2");
        if (options.DataChannel)
            mids.Add("3");
        Line(text, "v=0");
        Line(text, $"o=- {ids.SessionId} 2 IN IP4 127.0.0.1");
        Line(text, "s=-");
        Line(text, "t=0 0");
        Line(text, $"a=group:BUNDLE {string.Join(' ', mids)}");
        Line(text, "a=extmap-allow-mixed");
        Line(text, "a=msid-semantic: WMS candidate");
        if (options.Audio)
            WriteAudio(text, options, ids);
        if (options.Video)
            WriteVideo(text, options, ids, VideoMid, ids.VideoSsrcs, ids.RtxSsrcs);
        if (options.SecondVideo)
            WriteVideo(text, options with { SimulcastRids = [] }, ids, "2", [ids.VideoSsrcs[0] ^ 0x5555_5555], [ids.RtxSsrcs[0] ^ 0x5555_5555]);
        if (options.DataChannel)
            WriteDataChannel(text, options, ids);
        return text.ToString();
    }

    private static void WriteAudio(StringBuilder text, SenderOfferOptions options, SenderOfferIds ids)
    {
        Line(text, "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126");
        WriteTransport(text, options, ids, AudioMid);
        Line(text, $"a=extmap:1 {AudioLevelUri}");
        WriteSharedExtensions(text, options);
        Line(text, "a=sendonly");
        Line(text, "a=msid:candidate microphone");
        Line(text, "a=rtcp-mux");
        Line(text, "a=rtcp-rsize");
        Line(text, "a=rtpmap:111 opus/48000/2");
        if (options.TransportCc)
            Line(text, "a=rtcp-fb:111 transport-cc");
        if (options.AudioNack)
            Line(text, "a=rtcp-fb:111 nack");
        Line(text, $"a=fmtp:111 minptime=10;useinbandfec=1{(options.Dtx ? ";usedtx=1" : string.Empty)}");
        Line(text, "a=rtpmap:63 red/48000/2");
        Line(text, "a=fmtp:63 111/111");
        Line(text, "a=rtpmap:9 G722/8000");
        Line(text, "a=rtpmap:0 PCMU/8000");
        Line(text, "a=rtpmap:8 PCMA/8000");
        Line(text, "a=rtpmap:13 CN/8000");
        Line(text, "a=rtpmap:110 telephone-event/48000");
        Line(text, "a=rtpmap:126 telephone-event/8000");
        if (options.SignalsSsrc)
            WriteSsrc(text, ids.AudioSsrc, ids.Cname, "microphone");
    }

    private static void WriteVideo(
        StringBuilder text, SenderOfferOptions options, SenderOfferIds ids, string mid, IReadOnlyList<uint> ssrcs, IReadOnlyList<uint> rtxSsrcs)
    {
        var codecs = Codecs(options);
        Line(text, $"m=video 9 UDP/TLS/RTP/SAVPF {string.Join(' ', codecs.Select(codec => options.Rtx ? $"{codec.Pt} {codec.Pt + 1}" : $"{codec.Pt}"))}");
        WriteTransport(text, options, ids, mid);
        Line(text, "a=extmap:14 urn:ietf:params:rtp-hdrext:toffset");
        Line(text, $"a=extmap:13 {OrientationUri}");
        WriteSharedExtensions(text, options);
        Line(text, "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay");
        Line(text, $"a=extmap:10 {RidUri}");
        Line(text, $"a=extmap:11 {RepairedRidUri}");
        Line(text, "a=sendonly");
        Line(text, $"a=msid:candidate camera{mid}");
        Line(text, "a=rtcp-mux");
        Line(text, "a=rtcp-rsize");
        foreach (var (pt, name, fmtp) in codecs)
        {
            Line(text, $"a=rtpmap:{pt} {name}/90000");
            Line(text, $"a=rtcp-fb:{pt} goog-remb");
            if (options.TransportCc)
                Line(text, $"a=rtcp-fb:{pt} transport-cc");
            Line(text, $"a=rtcp-fb:{pt} ccm fir");
            Line(text, $"a=rtcp-fb:{pt} nack");
            Line(text, $"a=rtcp-fb:{pt} nack pli");
            if (fmtp.Length > 0)
                Line(text, $"a=fmtp:{pt} {fmtp}");
            if (options.Rtx)
            {
                Line(text, $"a=rtpmap:{pt + 1} rtx/90000");
                Line(text, $"a=fmtp:{pt + 1} apt={pt}");
            }
        }

        if (options.SimulcastRids.Count > 0)
        {
            foreach (var rid in options.SimulcastRids)
                Line(text, $"a=rid:{rid} send");
            Line(text, $"a=simulcast:send {string.Join(';', options.SimulcastRids)}");
        }
        else if (options.SignalsSsrc)
        {
            if (options.Rtx)
                Line(text, $"a=ssrc-group:FID {ssrcs[0]} {rtxSsrcs[0]}");
            WriteSsrc(text, ssrcs[0], ids.Cname, $"camera{mid}");
            if (options.Rtx)
                WriteSsrc(text, rtxSsrcs[0], ids.Cname, $"camera{mid}");
        }
    }

    private static List<(int Pt, string Name, string Fmtp)> Codecs(SenderOfferOptions options)
    {
        List<(int, string, string)> codecs = [];
        if (options.OffersVp8)
            codecs.Add((Vp8PayloadType, "VP8", string.Empty));
        if (options.OffersH264)
        {
            codecs.Insert(options.PrefersH264 ? 0 : codecs.Count, (H264PayloadType, "H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"));
            codecs.Add((107, "H264", "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f"));
            codecs.Add((109, "H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"));
        }

        codecs.Add((45, "AV1", "level-idx=5;profile=0;tier=0"));
        codecs.Add((98, "VP9", "profile-id=0"));
        return codecs;
    }

    private static void WriteDataChannel(StringBuilder text, SenderOfferOptions options, SenderOfferIds ids)
    {
        Line(text, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        WriteTransport(text, options, ids, "3", rtcp: false);
        Line(text, "a=sctp-port:5000");
        Line(text, "a=max-message-size:262144");
    }

    private static void WriteTransport(StringBuilder text, SenderOfferOptions options, SenderOfferIds ids, string mid, bool rtcp = true)
    {
        Line(text, "c=IN IP4 0.0.0.0");
        if (rtcp)
            Line(text, "a=rtcp:9 IN IP4 0.0.0.0");
        foreach (var candidate in options.Candidates)
            Line(text, $"a={candidate}");
        Line(text, $"a=ice-ufrag:{ids.UserFragment}");
        Line(text, $"a=ice-pwd:{ids.Password}");
        Line(text, "a=ice-options:trickle");
        Line(text, $"a=fingerprint:sha-256 {ids.Fingerprint}");
        Line(text, "a=setup:actpass");
        Line(text, $"a=mid:{mid}");
        foreach (var line in options.UnknownLines)
            Line(text, line);
    }

    private static void WriteSharedExtensions(StringBuilder text, SenderOfferOptions options)
    {
        Line(text, $"a=extmap:2 {AbsoluteSendTimeUri}");
        if (options.TransportCc)
            Line(text, $"a=extmap:3 {TransportCcUri}");
        Line(text, $"a=extmap:4 {MidUri}");
    }

    private static void WriteSsrc(StringBuilder text, uint ssrc, string cname, string track)
    {
        Line(text, $"a=ssrc:{ssrc} cname:{cname}");
        Line(text, $"a=ssrc:{ssrc} msid:candidate {track}");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
