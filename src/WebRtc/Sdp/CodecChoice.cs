namespace MediaScore.WebRtc.Sdp;

/// <summary>The one codec of a section that is answered, and its retransmission format.</summary>
internal sealed record CodecChoice(RtpCodec Codec, OfferedCodec Offered, byte? RtxPayloadType)
{
    /// <summary>RFC 7587: 48000 and two channels, whatever is sent.</summary>
    public static CodecChoice? ChooseAudio(List<OfferedCodec> offered)
    {
        var opus = offered.Find(codec => codec.Is("opus", 48_000) && codec.Channels == 2);
        return opus is null ? null : Make(RtpCodec.Opus, opus, offered);
    }

    /// <param name="preference">First that is offered is taken.</param>
    public static CodecChoice? ChooseVideo(List<OfferedCodec> offered, IReadOnlyList<RtpCodec> preference)
    {
        foreach (var codec in preference)
        {
            var found = codec switch
            {
                RtpCodec.H264 => offered.Where(each => each.Is("H264", 90_000) && H264Profile.Rank(each) is not null).MinBy(H264Profile.Rank),
                RtpCodec.Vp8 => offered.Find(each => each.Is("VP8", 90_000)),
                _ => null,
            };
            if (found is not null)
                return Make(codec, found, offered);
        }

        return null;
    }

    /// <summary>Value of our <c>a=fmtp</c> without the payload type; null where none is due.</summary>
    public string? WriteParameters() => Codec switch
    {
        // What we would like to be sent: FEC, since sound is the last thing to lose; mono, since one person speaks. Silence is left out (DTX) only where the
        // sender proposed it: whole sound is the better recording.
        RtpCodec.Opus => Offered.Find("usedtx") == "1" ? "minptime=10;useinbandfec=1;stereo=0;usedtx=1" : "minptime=10;useinbandfec=1;stereo=0",
        RtpCodec.H264 => WriteH264(),
        _ => null,
    };

    // RFC 6184, 8.2.2: profile and mode are repeated as offered; the level too, which is right with and without level-asymmetry-allowed.
    private string? WriteH264()
    {
        var parts = new List<string>();
        if (Offered.Find("level-asymmetry-allowed") == "1")
            parts.Add("level-asymmetry-allowed=1");
        if (Offered.Find("packetization-mode") == "1")
            parts.Add("packetization-mode=1");
        // Six hexadecimal digits, or the codec would not have been chosen.
        if (Offered.Find("profile-level-id") is { } profile)
            parts.Add("profile-level-id=" + profile);
        return parts.Count == 0 ? null : string.Join(';', parts);
    }

    private static CodecChoice Make(RtpCodec codec, OfferedCodec chosen, List<OfferedCodec> offered)
    {
        var rtx = offered.Find(each => each.Is("rtx", chosen.ClockRate) && each.Find("apt") is { } apt && SdpToken.TryReadPayloadType(apt, out var of) && of == chosen.PayloadType);
        return new CodecChoice(codec, chosen, rtx?.PayloadType);
    }
}
