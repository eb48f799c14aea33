namespace MediaScore.WebRtc.Rtp;

/// <summary>How one session's streams are received. Set by the session from <c>RtcOptions</c>.</summary>
internal sealed record MediaReceiverOptions
{
    /// <summary>Longest wait for a missing packet of sound that can be asked for again. Default 1.5 s.</summary>
    // Nobody plays this out live. Ten retries of a path with 150 ms of round trip fit, and a browser keeps what it sent for about a second.
    public TimeSpan AudioHold { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Longest wait for a missing packet where nothing can be asked for again. Default 500 ms.</summary>
    // Only re-ordering can bring it then, and a network re-orders within its jitter; captions should not lag by more.
    public TimeSpan HoldWithoutNack { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait for a missing packet of a picture. Default 2 s.</summary>
    // Longer than sound: a given-up picture costs all pictures up to the next key frame.
    public TimeSpan VideoHold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Key frames asked for while all is well; zero or less: only where one is needed. Default 2 s.</summary>
    // 6 to 7 % of the video's bytes with browsers; one a second costs 13 to 16 % and a visible loss of quality.
    public TimeSpan KeyFramePeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>0 to 1: where in the period this session asks first, so that many sessions' key frames are not decoded at once.</summary>
    public double KeyFramePhase { get; init; }

    /// <summary>Longest picture, bytes. Default 512 KiB, the wire's limit of a video packet.</summary>
    public int MaxFrameBytes { get; init; } = 512 * 1024;

    /// <summary>Sources (SSRCs) that are told apart in a session. Default 16: sound, picture, their retransmissions, and three simulcast layers of a peer that changes devices.</summary>
    public int MaxSources { get; init; } = 16;

    /// <summary>Most that a sender is allowed by REMB, bits a second. Default 2,000,000, well above what a 480p interview needs.</summary>
    public long MaxBitrate { get; init; } = 2_000_000;
}
