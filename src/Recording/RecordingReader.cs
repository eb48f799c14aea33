using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>Reads a recording, finished, cut anywhere, or being written (then it sees the chunks that are sealed). One thread at a time.</summary>
public sealed class RecordingReader : IDisposable
{
    private readonly ILogFile? _file;
    private readonly LogCipher _cipher;
    private readonly HashSet<TrackFormat> _toldFormats = [];
    private LogCursor? _next;
    private ReadOnlyMemory<byte> _rest;
    private MediaTime _previous;

    private RecordingReader(string path, DataKey key)
    {
        _cipher = new LogCipher(key, LogContent.Recording);
        try
        {
            _file = PhysicalLogFiles.TryOpenForReading(path);
            if (_file is not null && LogCursor.ReadFileHeader(path, _file, LogContent.Recording, _cipher) is null)
            {
                End = new LogEnd(LogEndKind.Torn, 0, "the file ends within its header");
                _file.Dispose();
                _file = null;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How the enumeration that ended last came to its end.</summary>
    public LogEnd End { get; private set; }

    /// <param name="path">As in <see cref="InterviewFolder.RecordingPath"/>; a missing file is an empty recording.</param>
    /// <param name="key">Used during the call only.</param>
    /// <exception cref="LogDamagedException">Not a recording, or of another key.</exception>
    public static RecordingReader Open(string path, DataKey key) => new(path, key);

    /// <summary>Entries in the order they were appended; each track's format comes before its first packet. Ends at the first bad record, see <see cref="End"/>.</summary>
    /// <param name="from">Packets before it are left out (whole chunks are passed over unread).</param>
    public IEnumerable<RecordingEntry> ReadAll(MediaTime? from = null)
    {
        var formats = new HashSet<TrackFormat>();
        foreach (var entry in ReadChunks(header => from is null || header.LastStamp >= from.Value.Microseconds))
        {
            if (entry.Format is { } format ? formats.Add(format) : from is null || entry.Packet.Time >= from)
                yield return entry;
        }
    }

    /// <summary>
    /// Reads on where the call before ended: the same entries in the same order as <see cref="ReadAll"/>, each once, from a recording that may grow meanwhile.
    /// </summary>
    /// <returns>False at the end of what is sealed by now (see <see cref="End"/>); a later call goes on there.</returns>
    public bool TryReadNext(out RecordingEntry entry)
    {
        entry = default;
        if (_file is null)
            return false;
        _next ??= new LogCursor(_file, _cipher);
        while (true)
        {
            while (ChunkFormat.TryRead(ref _rest, ref _previous, out entry))
            {
                if (entry.Format is not { } format || _toldFormats.Add(format))
                    return true;
            }

            if (!_rest.IsEmpty)
            {
                End = UnknownEntry(_next);
                return false;
            }

            if (!_next.MoveNext() || !_next.TryReadBody(out _rest))
            {
                End = _next.End;
                return false;
            }

            _previous = MediaTime.Zero;
        }
    }

    /// <summary>Packets of one track in <paramref name="range"/>, in order. Several such enumerations may be read in turns.</summary>
    internal IEnumerable<RecordedPacket> ReadTrack(TrackKind track, MediaRange range)
    {
        foreach (var entry in ReadChunks(header => header.LastStamp >= range.Start.Microseconds && header.FirstStamp < range.End.Microseconds))
        {
            if (entry.IsPacket && entry.Packet.Track == track && range.Contains(entry.Packet.Time))
                yield return entry.Packet;
        }
    }

    /// <summary>Every track's format, and the time of the earliest and the latest packet; null where there is no packet. Reads headers, and bodies only of chunks that may tell a new format.</summary>
    internal (IReadOnlyList<TrackFormat> Formats, MediaTime First, MediaTime Last)? ReadOutline()
    {
        if (_file is null)
            return null;
        var cursor = new LogCursor(_file, _cipher);
        (long Offset, ulong NextSequence, LogRecordHeader Header)? last = null;
        var (first, latest) = (long.MaxValue, long.MinValue);
        while (cursor.MoveNext())
        {
            last = cursor.Position;
            first = Math.Min(first, cursor.Header.FirstStamp);
            latest = Math.Max(latest, cursor.Header.LastStamp);
        }

        End = cursor.End;
        if (last is null)
            return null;
        // Each chunk names all formats known when it began, so the last one names them all.
        cursor.Position = last.Value;
        if (!cursor.TryReadBody(out var body))
            End = cursor.End;
        var formats = new List<TrackFormat>();
        var previous = MediaTime.Zero;
        while (ChunkFormat.TryRead(ref body, ref previous, out var entry) && entry.Format is { } format)
            formats.Add(format);
        return (formats, new MediaTime(first), new MediaTime(latest));
    }

    /// <summary>Tracks of which anything was recorded. Reads headers and the last body, however long the recording is.</summary>
    public IReadOnlySet<TrackKind> ReadTracks()
    {
        var tracks = new HashSet<TrackKind>();
        if (_file is null)
            return tracks;
        var cursor = new LogCursor(_file, _cipher);
        (long Offset, ulong NextSequence, LogRecordHeader Header)? last = null;
        while (cursor.MoveNext())
            last = cursor.Position;
        End = cursor.End;
        if (last is null)
            return tracks;
        // Each chunk names all formats known when it began, a new format begins a chunk, and it is told right before its track's first packet.
        cursor.Position = last.Value;
        var previous = MediaTime.Zero;
        if (!cursor.TryReadBody(out var body))
            End = cursor.End;
        while (ChunkFormat.TryRead(ref body, ref previous, out var entry) && entry.Format is { } format)
            tracks.Add(format.Track);
        return tracks;
    }

    /// <summary>The latest video key frame at or before <paramref name="time"/>, else the first after it; null where there is none.</summary>
    internal MediaTime? FindKeyFrame(MediaTime time)
    {
        if (_file is null)
            return null;
        var cursor = new LogCursor(_file, _cipher);
        var candidates = new Stack<(long Offset, ulong NextSequence, LogRecordHeader Header)>();
        MediaTime? later = null;
        while (later is null && cursor.MoveNext())
        {
            if ((cursor.Header.Flags & ChunkFormat.HoldsKeyFrame) == 0)
                continue;
            if (cursor.Header.FirstStamp <= time.Microseconds)
                candidates.Push(cursor.Position);
            if (cursor.Header.LastStamp > time.Microseconds)
                later = KeyFrames(cursor).Where(found => found > time).Cast<MediaTime?>().FirstOrDefault();
        }

        while (candidates.TryPop(out var position))
        {
            cursor.Position = position;
            if (KeyFrames(cursor).Where(found => found <= time).Cast<MediaTime?>().LastOrDefault() is { } earlier)
                return earlier;
        }

        return later;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _cipher.Dispose();
    }

    private static IEnumerable<MediaTime> KeyFrames(LogCursor cursor)
    {
        if (!cursor.TryReadBody(out var body))
            yield break;
        var previous = MediaTime.Zero;
        while (ChunkFormat.TryRead(ref body, ref previous, out var entry))
        {
            if (entry.Packet is { KeyFrame: true, Track: TrackKind.Video })
                yield return entry.Packet.Time;
        }
    }

    private static LogEnd UnknownEntry(LogCursor cursor) =>
        new(LogEndKind.Damaged, cursor.Position.Offset, $"chunk {cursor.Header.Sequence} holds an entry that this version does not know");

    private IEnumerable<RecordingEntry> ReadChunks(Func<LogRecordHeader, bool> wanted)
    {
        if (_file is null)
            yield break;
        var cursor = new LogCursor(_file, _cipher);
        while (cursor.MoveNext())
        {
            if (!wanted(cursor.Header))
                continue;
            if (!cursor.TryReadBody(out var body))
                break;
            var previous = MediaTime.Zero;
            while (ChunkFormat.TryRead(ref body, ref previous, out var entry))
                yield return entry;
            if (!body.IsEmpty)
            {
                End = UnknownEntry(cursor);
                yield break;
            }
        }

        End = cursor.End;
    }
}
