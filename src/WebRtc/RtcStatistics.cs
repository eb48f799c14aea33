namespace MediaScore.WebRtc;

/// <summary>A snapshot of one session, after the W3C's getStats where it has a word for it. Counters since the session began.</summary>
public sealed record RtcStatistics
{
    public RtcState State { get; init; }

    /// <summary>Of the nominated pair.</summary>
    public TransportKind Transport { get; init; }

    public string? SrtpProfile { get; init; }

    /// <summary>From sender reports and our receiver reports; null where it is not known.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    public long DatagramCount { get; init; }

    public long ByteCount { get; init; }

    /// <summary>SRTP and SRTCP packets whose tag was wrong.</summary>
    public long AuthenticationFailureCount { get; init; }

    /// <summary>Replayed, malformed, for no stream, over a limit.</summary>
    public long DiscardedCount { get; init; }

    public StreamStatistics? Audio { get; init; }

    public StreamStatistics? Video { get; init; }
}

/// <summary>One received stream.</summary>
public sealed record StreamStatistics
{
    public long PacketCount { get; init; }

    /// <summary>Packets that never came, though asked for.</summary>
    public long LostCount { get; init; }

    /// <summary>Packets that came by retransmission.</summary>
    public long RecoveredCount { get; init; }

    public long DuplicateCount { get; init; }

    /// <summary>RFC 3550, 6.4.1.</summary>
    public TimeSpan Jitter { get; init; }

    public long NackCount { get; init; }

    public long PliCount { get; init; }

    public long FrameCount { get; init; }

    public long KeyFrameCount { get; init; }

    /// <summary>Pictures left out because one before them was incomplete.</summary>
    public long DroppedFrameCount { get; init; }

    /// <summary>Sound level that the sender states (RFC 6464), dBov, -127 to 0; null without the extension.</summary>
    public int? AudioLevel { get; init; }

    /// <summary>Degrees clockwise that the sender says the picture has to be turned: 0, 90, 180, 270.</summary>
    public int Rotation { get; init; }
}
