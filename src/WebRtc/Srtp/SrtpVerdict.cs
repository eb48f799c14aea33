namespace MediaScore.WebRtc.Srtp;

/// <summary>What became of a protected packet; a counter each.</summary>
internal enum SrtpVerdict
{
    Ok,

    /// <summary>No RTP or RTCP, or shorter than its header and tag.</summary>
    Malformed,

    /// <summary>Seen before, or too old to tell.</summary>
    Replayed,

    /// <summary>The tag is wrong: forged, damaged, or made with other keys.</summary>
    AuthenticationFailed,

    /// <summary>Authentic, but of a source more than the session may have.</summary>
    TooManySources,
}
