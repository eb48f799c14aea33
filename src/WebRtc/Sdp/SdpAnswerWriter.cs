using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Sdp;

/// <summary>Writes the answer: every section of the offer in its place, with its mid (RFC 9429, 5.3.1).</summary>
internal static class SdpAnswerWriter
{
    /// <param name="choices">One a section of the offer, in its order.</param>
    /// <param name="bundled">Accepted sections of the group, in its order; empty where the offer has none.</param>
    /// <param name="tagged">The section that carries the candidates.</param>
    public static string Write(SdpDescription offer, SectionChoice[] choices, List<SectionChoice> bundled, SectionChoice tagged, SdpAnswerParameters parameters)
    {
        var text = new StringBuilder(4096);
        Line(text, "v=0");
        Line(text, $"o=- {parameters.SessionId} 2 IN IP4 127.0.0.1");
        Line(text, "s=-");
        Line(text, "t=0 0");
        if (bundled.Count > 0)
            Line(text, "a=group:BUNDLE " + string.Join(' ', bundled.Select(choice => choice.Section.Mid)));
        if (offer.Attributes.Has("extmap-allow-mixed"))
            Line(text, "a=extmap-allow-mixed");
        Line(text, "a=ice-lite");
        // ice2: RFC 8445 rather than 5245. Trickled candidates are taken and not needed.
        Line(text, "a=ice-options:ice2 trickle");

        var (address, port) = DefaultDestination(parameters.Candidates);
        foreach (var choice in choices)
        {
            if (choice.Media is { } media)
                WriteAccepted(text, choice, media, choice == tagged, address, port, parameters);
            else
                WriteRejected(text, choice.Section);
        }

        return text.ToString();
    }

    private static void WriteAccepted(StringBuilder text, SectionChoice choice, NegotiatedMedia media, bool tagged, string address, ushort port, SdpAnswerParameters parameters)
    {
        var section = choice.Section;
        var rtx = media.RtxPayloadType;
        Line(text, $"m={section.Kind} {port} {section.Protocol} {media.PayloadType}{(rtx is null ? "" : " " + rtx)}");
        Line(text, $"c=IN {address}");
        if (media.Mid.Length > 0)
            Line(text, $"a=mid:{media.Mid}");
        // In every section, though the tagged one would do (RFC 9143, 7.1.3): some readers look only into the section before them.
        Line(text, $"a=ice-ufrag:{parameters.LocalIce.UserFragment}");
        Line(text, $"a=ice-pwd:{parameters.LocalIce.Password}");
        Line(text, $"a=fingerprint:sha-256 {parameters.LocalFingerprintSha256Hex}");
        Line(text, "a=setup:passive");
        if (tagged)
            WriteCandidates(text, parameters.Candidates);
        Line(text, "a=recvonly");
        Line(text, "a=rtcp-mux");
        if (section.Attributes.Has("rtcp-rsize"))
            Line(text, "a=rtcp-rsize");
        if (section.Attributes.Has("extmap-allow-mixed"))
            Line(text, "a=extmap-allow-mixed");
        foreach (var extension in ExtensionChoice.Write(media.Extensions))
            Line(text, $"a=extmap:{extension}");

        Line(text, $"a=rtpmap:{media.PayloadType} {Encoding(media.Codec)}");
        if (choice.Codec!.WriteParameters() is { } codecParameters)
            Line(text, $"a=fmtp:{media.PayloadType} {codecParameters}");
        foreach (var feedback in FeedbackChoice.Write(media.Feedback))
            Line(text, $"a=rtcp-fb:{media.PayloadType} {feedback}");
        if (rtx is not null)
        {
            Line(text, $"a=rtpmap:{rtx} rtx/{media.ClockRate}");
            Line(text, $"a=fmtp:{rtx} apt={media.PayloadType}");
        }

        if (media.Kind == MediaKind.Audio)
            WritePacketTime(text, section);
        if (media.Rid is { } rid)
        {
            Line(text, $"a=rid:{rid} recv");
            Line(text, $"a=simulcast:recv {rid}");
        }
    }

    /// <summary>A port of 0 rejects (RFC 3264, 6); a format has to stand, and the offer's will do.</summary>
    private static void WriteRejected(StringBuilder text, SdpMediaSection section)
    {
        Line(text, $"m={section.Kind} 0 {section.Protocol} {string.Join(' ', section.Formats)}");
        Line(text, "c=IN IP4 0.0.0.0");
        if (section.Mid.Length > 0)
            Line(text, $"a=mid:{section.Mid}");
        Line(text, "a=inactive");
    }

    /// <summary>20 ms: the browsers' own, and the frame that all of the sound's way is made for. Not said to a sender whose longest is shorter.</summary>
    private static void WritePacketTime(StringBuilder text, SdpMediaSection section)
    {
        if (section.Attributes.Find("maxptime") is not { } longest || !SdpToken.TryReadNumber(longest, out var milliseconds) || milliseconds >= 20)
            Line(text, "a=ptime:20");
    }

    internal static void WriteCandidates(StringBuilder text, IReadOnlyList<IceCandidate> candidates)
    {
        foreach (var candidate in candidates)
            Line(text, $"a=candidate:{candidate.ToAttributeValue()}");
        Line(text, "a=end-of-candidates");
    }

    internal static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    /// <summary>RFC 8839, 4.2.1.2: that of the candidate that is most likely to work with a peer without ICE, which there is none of: the first one over UDP and IPv4.</summary>
    private static (string Address, ushort Port) DefaultDestination(IReadOnlyList<IceCandidate> candidates)
    {
        var udp = candidates.Where(candidate => candidate.Transport == TransportKind.Udp).ToList();
        var chosen = udp.Find(candidate => candidate.Address.AddressFamily == AddressFamily.InterNetwork) ?? udp.FirstOrDefault();
        if (chosen is null)
            return ("IP4 0.0.0.0", 9);
        var family = chosen.Address.AddressFamily == AddressFamily.InterNetwork ? "IP4" : "IP6";
        return (string.Create(CultureInfo.InvariantCulture, $"{family} {chosen.AddressText}"), chosen.Port);
    }

    private static string Encoding(RtpCodec codec) => codec switch
    {
        RtpCodec.Opus => "opus/48000/2",
        RtpCodec.Vp8 => "VP8/90000",
        _ => "H264/90000",
    };
}
