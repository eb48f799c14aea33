using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>A record that this version can't read.</summary>
/// <param name="Reason">Such as <c>unknown kind 'x': written by a newer version</c>.</param>
public readonly record struct SkippedRecord(ulong Sequence, string Reason);

/// <summary>What a timeline holds.</summary>
/// <param name="Entries">In order.</param>
/// <param name="Skipped">Records passed over, with the reason.</param>
/// <param name="End">How reading ended.</param>
public sealed record TimelineContent(IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<SkippedRecord> Skipped, LogEnd End);

/// <summary>Reads a timeline, finished, cut anywhere, or being written, without changing it.</summary>
public static class TimelineReader
{
    /// <param name="path">As in <see cref="InterviewFolder.TimelinePath"/>; a missing file is an empty timeline.</param>
    /// <exception cref="LogDamagedException">Not a timeline, or of another key.</exception>
    public static TimelineContent Read(string path, DataKey key) => throw new NotSupportedException("The timeline is being built.");
}
