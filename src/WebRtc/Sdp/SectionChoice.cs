namespace MediaScore.WebRtc.Sdp;

/// <summary>What becomes of one media section: received, or rejected with the reason.</summary>
/// <param name="Media">Null where it is rejected.</param>
/// <param name="Outcome">What a rejection means for the offer.</param>
internal sealed record SectionChoice(SdpMediaSection Section, NegotiatedMedia? Media, CodecChoice? Codec, string Reason, SectionOutcome Outcome)
{
    public override string ToString() => Media is null ? "rejected section" : "accepted section";

    /// <param name="before">Sections of the offer before this one: one of a kind is received.</param>
    public static SectionChoice Choose(SdpMediaSection section, SdpAnswerParameters parameters, ReadOnlySpan<SectionChoice> before, ExtensionChoice extensions)
    {
        MediaKind kind;
        switch (section.Kind)
        {
            case "audio": kind = MediaKind.Audio; break;
            case "video": kind = MediaKind.Video; break;
            default: return Reject(section, "only audio and video are received");
        }

        if (section.Disabled)
            return Reject(section, "its port is 0");
        if (!(kind == MediaKind.Audio ? parameters.AcceptAudio : parameters.AcceptVideo))
            return Reject(section, "it is not wanted in this session");
        foreach (var other in before)
        {
            if (other.Media?.Kind == kind)
                return Reject(section, "one section of a kind is received");
        }

        if (section.Direction is not ("sendonly" or "sendrecv"))
            return Reject(section, "it does not send (a=sendonly or a=sendrecv)");
        // RFC 9429, 5.1.2: the old names without the transport mean the same; RTP without S would be in the clear.
        if (!section.Protocol.EndsWith("RTP/SAVPF", StringComparison.Ordinal) && !section.Protocol.EndsWith("RTP/SAVP", StringComparison.Ordinal))
            return Reject(section, "its protocol is not UDP/TLS/RTP/SAVPF", SectionOutcome.Missed);

        var offered = OfferedCodec.ReadAll(section);
        var codec = kind == MediaKind.Audio ? CodecChoice.ChooseAudio(offered) : ChooseVideo(offered, parameters);
        if (codec is null && kind == MediaKind.Video && parameters.RequiredVideo is { } required)
            return Reject(section, $"The picture has to be {Name(required)}: this interview's recording began with it.", SectionOutcome.Fatal);
        if (codec is null)
        {
            var formats = kind == MediaKind.Audio ? "opus/48000/2 is not" : "neither VP8/90000 nor H264/90000 with a profile up to High is";
            return Reject(section, formats + " among its formats", SectionOutcome.Missed);
        }

        if (!section.Attributes.Has("rtcp-mux") && !section.Attributes.Has("rtcp-mux-only"))
            return Reject(section, "a=rtcp-mux is needed in every section that is sent (RFC 9725, 4.4.1).", SectionOutcome.Fatal);

        return new SectionChoice(section, Negotiate(section, kind, codec, extensions), codec, "", SectionOutcome.Accepted);
    }

    private static CodecChoice? ChooseVideo(List<OfferedCodec> offered, SdpAnswerParameters parameters) =>
        CodecChoice.ChooseVideo(offered, parameters.RequiredVideo is { } required ? [required] : parameters.VideoPreference);

    private static NegotiatedMedia Negotiate(SdpMediaSection section, MediaKind kind, CodecChoice codec, ExtensionChoice extensions)
    {
        var ids = extensions.Choose(section);
        var payloadType = codec.Offered.PayloadType;
        // A layer can be told apart only by the extension that names it.
        var rid = kind == MediaKind.Video && ids.Rid != 0 ? SimulcastChoice.Choose(section, payloadType) : null;
        // Firefox lists the sources of all layers; which of them is the chosen layer's only its packets say.
        var (ssrc, rtxSsrc) = rid is null ? SignalledSources.Read(section) : (null, null);
        return new NegotiatedMedia(
            kind, section.Mid, codec.Codec, payloadType, codec.RtxPayloadType, (int)codec.Offered.ClockRate, ids,
            FeedbackChoice.Choose(section, payloadType, ids.TransportSequence != 0), ssrc, rtxSsrc, rid)
        {
            ParameterSets = codec.Codec == RtpCodec.H264 ? H264ParameterSets.Read(codec.Offered) : [],
        };
    }

    private static string Name(RtpCodec codec) => codec == RtpCodec.H264 ? "H.264" : "VP8";

    private static SectionChoice Reject(SdpMediaSection section, string reason, SectionOutcome outcome = SectionOutcome.Superfluous) => new(section, null, null, reason, outcome);
}

internal enum SectionOutcome : byte
{
    Accepted,

    /// <summary>Nothing that this side takes: rejected in its place.</summary>
    Superfluous,

    /// <summary>It sends what this side wants and cannot read: the offer is refused unless another section brings that kind.</summary>
    Missed,

    /// <summary>The offer is refused.</summary>
    Fatal,
}
