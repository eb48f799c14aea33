using MediaScore.Timeline;

namespace MediaScore.Pipelines.Frames;

/// <summary>All that a <see cref="TrackClock"/> remembers, so that it can be taken up again after a restart.</summary>
/// <param name="NextSequence">The sequence number expected next.</param>
/// <param name="Expected">End of the last packet; for pictures, its own time.</param>
/// <param name="OffsetMicroseconds">Interview time minus client time.</param>
public readonly record struct TrackClockState(ulong NextSequence, MediaTime Expected, long OffsetMicroseconds);
