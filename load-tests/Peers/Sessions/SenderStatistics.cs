namespace MediaScore.Peers.Sessions;

/// <summary>A snapshot of one sender; counters since it began.</summary>
public sealed record SenderStatistics
{
    public SenderState State { get; init; }

    public string? SrtpProfile { get; init; }

    public long DatagramsSentCount { get; init; }

    public long BytesSentCount { get; init; }

    public long DatagramsReceivedCount { get; init; }

    public long AudioPacketCount { get; init; }

    public long VideoPacketCount { get; init; }

    public long AudioFrameCount { get; init; }

    public long VideoFrameCount { get; init; }

    public long KeyFrameCount { get; init; }

    /// <summary>Packets that NACKs named, repetitions included.</summary>
    public long NackedCount { get; init; }

    public long RetransmittedCount { get; init; }

    /// <summary>Asked for, but no longer kept.</summary>
    public long TooOldCount { get; init; }

    public long PliCount { get; init; }

    public long FirCount { get; init; }

    public long ReceiverReportCount { get; init; }

    /// <summary>Of the last receiver report on sound, 0 to 1.</summary>
    public double AudioFractionLost { get; init; }

    public double VideoFractionLost { get; init; }

    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Packets that transport-wide feedback reported as received and as lost.</summary>
    public long FeedbackReceivedCount { get; init; }

    public long FeedbackLostCount { get; init; }

    public long RembBitsPerSecond { get; init; }

    /// <summary>Sound that was due while nothing could be sent, in packets.</summary>
    public long AudioFramesNotSentCount { get; init; }

    public long VideoFramesNotSentCount { get; init; }

    public int DisconnectCount { get; init; }

    public int RestartCount { get; init; }
}
