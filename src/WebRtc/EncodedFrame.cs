namespace MediaScore.WebRtc;

/// <summary>One complete Opus packet or coded picture, in order, as it leaves the jitter buffer. Lives for the duration of the call that hands it over.</summary>
public readonly ref struct EncodedFrame
{
    public required MediaKind Kind { get; init; }

    public required RtpCodec Codec { get; init; }

    /// <summary>
    /// On the session's media clock, microseconds since the session's first packet; does not run backwards within a kind. The sound's sample clock is this clock;
    /// pictures are laid on it by sender reports (RFC 3550, 6.4.1), by arrival until both have one.
    /// </summary>
    public required long MediaTimeUs { get; init; }

    /// <summary>Can be decoded alone. Always true for sound.</summary>
    public required bool KeyFrame { get; init; }

    /// <summary>Frames of this kind that are known to be missing between the one before and this one; 0 when none.</summary>
    public required int LostBefore { get; init; }

    /// <summary>
    /// Opus: the RTP payload (RFC 7587). VP8: the frame (RFC 6386). H.264: the access unit as Annex B, parameter sets before every key frame. Valid during the call only.
    /// </summary>
    public required ReadOnlySpan<byte> Payload { get; init; }
}
