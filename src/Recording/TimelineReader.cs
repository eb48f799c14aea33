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
    /// <param name="key">Used during the call only.</param>
    /// <exception cref="LogDamagedException">Not a timeline, or of another key.</exception>
    public static TimelineContent Read(string path, DataKey key)
    {
        var entries = new List<TimelineEntry>();
        var skipped = new List<SkippedRecord>();
        using var cipher = new LogCipher(key, LogContent.Timeline);
        using var file = PhysicalLogFiles.TryOpenForReading(path);
        if (file is null)
            return new TimelineContent(entries, skipped, default);
        if (LogCursor.ReadFileHeader(path, file, LogContent.Timeline, cipher) is null)
            return new TimelineContent(entries, skipped, new LogEnd(LogEndKind.Torn, 0, "the file ends within its header"));
        var cursor = new LogCursor(file, cipher);
        while (cursor.MoveNext() && cursor.TryReadBody(out var body))
        {
            var header = cursor.Header;
            if (ObservationSerializer.TryRead(body.Span, out var observation, out var reason))
                entries.Add(new TimelineEntry(header.Sequence, header.Epoch, TimelineLog.ToWallClock(header.FirstStamp), observation));
            else
                skipped.Add(new SkippedRecord(header.Sequence, reason));
        }

        return new TimelineContent(entries, skipped, cursor.End);
    }
}
