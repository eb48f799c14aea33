namespace MediaScore.WebRtc.Sdp;

/// <summary>RTCP feedback that is offered and that we send (RFC 4585, 4.2; RFC 5104, 7.1; draft-holmer-rmcat-transport-wide-cc-extensions-01; draft-alvestrand-rmcat-remb).</summary>
internal static class FeedbackChoice
{
    private static readonly (RtcpFeedbackKinds Kind, string Value)[] Supported =
    [
        (RtcpFeedbackKinds.Nack, "nack"),
        (RtcpFeedbackKinds.Pli, "nack pli"),
        (RtcpFeedbackKinds.Fir, "ccm fir"),
        (RtcpFeedbackKinds.TransportCc, "transport-cc"),
        (RtcpFeedbackKinds.Remb, "goog-remb"),
    ];

    /// <param name="hasTransportSequence">Without the header extension there is nothing to report on.</param>
    public static RtcpFeedbackKinds Choose(SdpMediaSection section, byte payloadType, bool hasTransportSequence)
    {
        var kinds = Read(section.Attributes, payloadType) | Read(section.Session, payloadType);
        return hasTransportSequence ? kinds : kinds & ~RtcpFeedbackKinds.TransportCc;
    }

    /// <summary>Values of our <c>a=rtcp-fb</c> lines without the payload type.</summary>
    public static IEnumerable<string> Write(RtcpFeedbackKinds kinds)
    {
        foreach (var (kind, value) in Supported)
        {
            if (kinds.HasFlag(kind))
                yield return value;
        }
    }

    private static RtcpFeedbackKinds Read(SdpAttributes attributes, byte payloadType)
    {
        var kinds = RtcpFeedbackKinds.None;
        foreach (var line in attributes.All("rtcp-fb"))
        {
            var space = line.IndexOf(' ');
            if (space <= 0 || !(line.AsSpan(0, space) is "*" || (SdpToken.TryReadPayloadType(line.AsSpan(0, space), out var of) && of == payloadType)))
                continue;
            var offered = line.AsSpan(space + 1).Trim();
            foreach (var (kind, value) in Supported)
            {
                if (offered.SequenceEqual(value))
                    kinds |= kind;
            }
        }

        return kinds;
    }
}
