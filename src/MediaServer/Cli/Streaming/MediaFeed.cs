using System.Runtime.CompilerServices;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>Sound, pictures and markers of one file, merged in the order of their media times.</summary>
internal sealed class MediaFeed(MediaProbe probe, StageScript script, PictureCodec pictureCodec, bool sendPictures, Action<string> complain)
{
    /// <summary>Width that pictures are scaled to: the face models look at 640 and less.</summary>
    public const int MaxWidth = 640;

    /// <summary>Tracks as the stream's start describes them.</summary>
    public IReadOnlyList<TrackDescription> Tracks { get; } = Describe(probe, pictureCodec, sendPictures);

    /// <summary>Ends with the file; the end of the interview is the caller's to send, at <see cref="End"/>.</summary>
    public async IAsyncEnumerable<FeedItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var sound = SoundAsync().GetAsyncEnumerator(cancellation);
        await using var pictures = PicturesAsync().GetAsyncEnumerator(cancellation);
        var hasSound = await sound.MoveNextAsync();
        var hasPicture = await pictures.MoveNextAsync();
        if (!hasSound && !hasPicture)
            throw new CliException(ExitCode.BadInput, $"{probe.Path}: FFmpeg found neither sound nor pictures that it can decode.");

        var markers = new Queue<(TimeSpan Time, FeedItem? Item, ScriptedAnswer Answer)>(Markers());
        while (hasSound || hasPicture)
        {
            var takeSound = hasSound && (!hasPicture || sound.Current.Time <= pictures.Current.Time);
            var next = takeSound ? sound.Current : pictures.Current;
            while (markers.TryPeek(out var marker) && marker.Time <= next.Time)
            {
                markers.Dequeue();
                yield return marker.Item!;
            }

            End = TimeSpan.FromTicks(Math.Max(End.Ticks, next.Time.Ticks + (takeSound ? PacketTime.Ticks : 0)));
            yield return next;
            if (takeSound)
                hasSound = await sound.MoveNextAsync();
            else
                hasPicture = await pictures.MoveNextAsync();
        }

        // What the script wants after the end of the file: an answer's end there, answers in writing; spoken ones have no media and are left out.
        var begun = new HashSet<ScriptedAnswer>(ReferenceEqualityComparer.Instance);
        foreach (var (time, item, answer) in markers)
        {
            if (answer.Text is null && item!.Marker is StageMarkerKind.Begin)
            {
                begun.Add(answer);
                complain($"{answer.StageId}/{answer.QuestionId} begins at {time:m\\:ss\\.f}, after the end of the file at {End:m\\:ss\\.f}; it is left out");
            }
            else if (!begun.Contains(answer))
            {
                yield return item! with { Time = End };
            }
        }
    }

    /// <summary>The end of the media sent so far.</summary>
    public TimeSpan End { get; private set; }

    private static TimeSpan PacketTime { get; } = TimeSpan.FromMilliseconds(20);

    private IAsyncEnumerable<FeedItem> SoundAsync() => probe.Sound is null ? AsyncEnumerable.Empty<FeedItem>() : SoundSource.ReadAsync(probe.Path, complain, default);

    private IAsyncEnumerable<FeedItem> PicturesAsync() =>
        probe.Picture is null || !sendPictures ? AsyncEnumerable.Empty<FeedItem>() : PictureSource.ReadAsync(probe.Path, pictureCodec, complain, default);

    private IEnumerable<(TimeSpan, FeedItem?, ScriptedAnswer)> Markers()
    {
        foreach (var answer in script.Answers)
        {
            if (answer.Text is not null)
            {
                yield return (answer.Start, new FeedItem(Track.Control, answer.Start, [], Answer: answer), answer);
                continue;
            }

            yield return (answer.Start, new FeedItem(Track.Control, answer.Start, [], Answer: answer, Marker: StageMarkerKind.Begin), answer);
            var end = answer.End ?? TimeSpan.MaxValue;
            yield return (end, new FeedItem(Track.Control, end, [], Answer: answer, Marker: StageMarkerKind.End), answer);
        }
    }

    private static List<TrackDescription> Describe(MediaProbe probe, PictureCodec pictureCodec, bool sendPictures)
    {
        var tracks = new List<TrackDescription>();
        if (probe.Sound is not null)
            tracks.Add(new TrackDescription { Track = Track.Audio, Codec = Codec.Opus });
        if (probe.Picture is not null && sendPictures)
        {
            tracks.Add(new TrackDescription
            {
                Track = Track.Video,
                Codec = pictureCodec switch { PictureCodec.Vp8 => Codec.Vp8, PictureCodec.H264 => Codec.H264, _ => Codec.Jpeg },
            });
        }

        return tracks;
    }
}
