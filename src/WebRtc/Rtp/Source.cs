namespace MediaScore.WebRtc.Rtp;

/// <summary>What a source (SSRC) is to a session.</summary>
internal enum SourceRole : byte
{
    /// <summary>Carries the media.</summary>
    Media,

    /// <summary>Carries retransmissions (RFC 4588).</summary>
    Retransmission,

    /// <summary>Carried one of these until another took over; comes back when that one falls silent.</summary>
    Retired,

    /// <summary>A simulcast layer that was not answered, or of no section we know.</summary>
    Ignored,
}

/// <summary>One source that was heard, by an authentic packet.</summary>
internal sealed class Source(uint ssrc, MediaTrack? track, SourceRole role, bool isRetransmission)
{
    public uint Ssrc { get; } = ssrc;

    /// <summary>Null where it is ignored.</summary>
    public MediaTrack? Track { get; } = track;

    public SourceRole Role { get; set; } = role;

    public bool IsRetransmission { get; } = isRetransmission;

    public Instant HeardAt { get; set; }

    /// <summary>Said BYE, and was not heard since.</summary>
    public bool HasLeft { get; set; }
}
