namespace MediaScore.Pipelines.Frames;

/// <summary>Limits within which a client's clock is followed, absorbed, written down as a hole, or refused.</summary>
public sealed record TrackClockOptions
{
    public static readonly TrackClockOptions Default = new();

    /// <summary>A packet of known length this near to the end of the one before follows it without a seam. Default 10 ms.</summary>
    // Half of one 20 ms audio frame: below that a stamp is rounding or jitter, above it a frame may really be missing.
    public TimeSpan SeamTolerance { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A packet this much later than expected leaves a <see cref="Timeline.MediaGap"/>; applies to packets of known length. Default 120 ms.</summary>
    // Most that Opus fills: the last 20 ms from the copy in the next packet, what lies before by concealment that fades. Beyond, sound would be made up.
    public TimeSpan GapThreshold { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>The same for pictures, whose length is unknown. Default 10 s.</summary>
    // Cameras slow down to a few pictures a second in the dark, and a screen that does not change sends none; 10 s without one is a hole.
    public TimeSpan PictureGapThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A packet at most this much earlier than expected is put where it was expected, in silence. Default 200 ms.</summary>
    // Covers stamps of arrival instead of capture, the re-ordering of B pictures, and a sample clock 100 ppm fast over half an hour.
    public TimeSpan BackwardTolerance { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest jump forward that is believed. Default 10 minutes, the limit named in the protocol.</summary>
    public TimeSpan LongestJump { get; init; } = TimeSpan.FromMinutes(10);
}
