namespace MediaScore.Timeline;

/// <summary>One durable record of a timeline.</summary>
/// <param name="Sequence">From 0, without a hole.</param>
/// <param name="Epoch">The ownership epoch of the process that wrote it.</param>
/// <param name="WallClock">When it was appended, UTC, to the microsecond. Volatile: never part of a report's comparison.</param>
/// <param name="Observation">What was seen, heard or decided.</param>
public sealed record TimelineEntry(ulong Sequence, ulong Epoch, DateTimeOffset WallClock, Observation Observation);
