using MediaScore.Recording.Matroska;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// The packets of one clip, sound and pictures merged by time. Each track is read by an enumeration of its own, so what arrived late (a track that was
/// sent again after a broken connection) stands in its place without any buffering.
/// </summary>
internal sealed class ClipSource : IDisposable
{
    private readonly RecordingReader _reader;

    private ClipSource(RecordingReader reader, MediaRange range)
    {
        _reader = reader;
        Range = range;
    }

    /// <summary>From the first packet's time to the last one's.</summary>
    public MediaRange Range { get; private set; }

    /// <summary>Null where the clip has no sound.</summary>
    public ClipTrack? Audio { get; private set; }

    /// <summary>Begins at a key frame. Null where the clip has no pictures.</summary>
    public ClipTrack? Video { get; private set; }

    public LogEnd RecordingEnd => _reader.End;

    /// <param name="wanted">Null: everything.</param>
    public static ClipSource Open(RecordingReader reader, MediaRange? wanted, ClipTracks tracks)
    {
        if (reader.ReadOutline() is not { } outline)
            return new ClipSource(reader, default);
        var start = MediaTime.Max(wanted?.Start ?? outline.First, outline.First);
        // Half-open: one microsecond more takes the last packet in.
        var end = MediaTime.Min(wanted?.End ?? outline.Last.Add(TimeSpan.FromMicroseconds(1)), outline.Last.Add(TimeSpan.FromMicroseconds(1)));
        // A place that the recording does not reach is no clip; its last moment would be shown for it.
        if (start >= end)
            return new ClipSource(reader, default);
        var video = outline.Formats.FirstOrDefault(format => format.Track == TrackKind.Video && tracks.HasFlag(ClipTracks.Video));
        var audio = outline.Formats.FirstOrDefault(format => format.Track == TrackKind.Audio && tracks.HasFlag(ClipTracks.Audio));
        if (video is not null && reader.FindKeyFrame(start) is { } keyFrame && keyFrame < start)
            start = keyFrame;
        var source = new ClipSource(reader, new MediaRange(start, end));
        if (audio is not null)
            source.Audio = ClipTrack.TryOpen(audio, reader.ReadTrack(TrackKind.Audio, source.Range), _ => true);
        if (video is not null)
        {
            source.Video = ClipTrack.TryOpen(
                video, reader.ReadTrack(TrackKind.Video, source.Range), packet => MatroskaTracks.TryForVideo(1, video, packet) is not null);
        }

        return source;
    }

    /// <summary>The next packet of either track, earliest first; pictures before sound of the same time, so that a cluster begins with its key frame.</summary>
    public bool TryTakeNext(out TrackFormat format, out RecordedPacket packet)
    {
        var video = Video is { HasCurrent: true };
        var audio = Audio is { HasCurrent: true };
        var track = video && (!audio || Video!.Current.Time <= Audio!.Current.Time) ? Video : audio ? Audio : null;
        format = track?.Format!;
        packet = track?.Take() ?? default;
        return track is not null;
    }

    public void Dispose()
    {
        Audio?.Dispose();
        Video?.Dispose();
    }
}

/// <summary>One track of a clip, at its current packet.</summary>
internal sealed class ClipTrack : IDisposable
{
    private readonly IEnumerator<RecordedPacket> _packets;

    private ClipTrack(TrackFormat format, IEnumerator<RecordedPacket> packets)
    {
        Format = format;
        _packets = packets;
        HasCurrent = true;
    }

    public TrackFormat Format { get; }

    public bool HasCurrent { get; private set; }

    public RecordedPacket Current => _packets.Current;

    /// <summary>Null where no packet may begin the clip.</summary>
    public static ClipTrack? TryOpen(TrackFormat format, IEnumerable<RecordedPacket> packets, Func<RecordedPacket, bool> mayBegin)
    {
        var enumerator = packets.GetEnumerator();
        while (enumerator.MoveNext())
        {
            if (mayBegin(enumerator.Current))
                return new ClipTrack(format, enumerator);
        }

        enumerator.Dispose();
        return null;
    }

    public RecordedPacket Take()
    {
        var packet = _packets.Current;
        HasCurrent = _packets.MoveNext();
        return packet;
    }

    public void Dispose() => _packets.Dispose();
}
