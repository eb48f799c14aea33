using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>Reads a recording, finished, cut anywhere, or being written (then it sees the chunks that are sealed). One thread at a time.</summary>
public sealed class RecordingReader : IDisposable
{
    /// <param name="path">As in <see cref="InterviewFolder.RecordingPath"/>; a missing file is an empty recording.</param>
    /// <param name="key">Used during the call only.</param>
    /// <exception cref="LogDamagedException">Not a recording, or of another key.</exception>
    public static RecordingReader Open(string path, DataKey key) => throw new NotSupportedException("The recording is being built.");

    /// <summary>How the last enumeration ended.</summary>
    public LogEnd End { get; }

    /// <summary>Entries in the order they were appended; each track's format comes before its first packet.</summary>
    /// <param name="from">Packets before it are left out (whole chunks are passed over unread).</param>
    public IEnumerable<RecordingEntry> ReadAll(MediaTime? from = null) => throw new NotSupportedException("The recording is being built.");

    public void Dispose() => throw new NotSupportedException("The recording is being built.");
}
