using Grpc.Net.Client;
using MediaScore.Load.Clients;
using MediaScore.Load.Server;
using MediaScore.Load.Speech;
using MediaScore.Peers.Sources;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Backlog;

/// <summary>
/// Interviews that have ended and whose final pass is still to come, on disk before the measured server starts: recorded as fast as they are taken, by a server that runs
/// no final pass. All are to be heard again by the larger recogniser, which is the most work that a final pass has.
/// </summary>
internal sealed class FinishedInterviews(SpeechLibrary speech, MediaClip video, TextWriter progress, TimeProvider time)
{
    /// <summary>Of each.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(120);

    // So many at once keep both cores busy; more would only wait.
    private const int AtOnce = 4;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["FinalPass:Concurrency"] = "0",
        // It is made as fast as the machine can: full is what it shall be.
        ["Admission:JudgeLoad"] = "false",
    };

    /// <param name="dataFolder">There already, and empty.</param>
    /// <param name="outputFolder">For the server's log, which the measured server's replaces.</param>
    public async Task MakeAsync(int count, string dataFolder, string outputFolder, CancellationToken cancellation)
    {
        await progress.WriteLineAsync(FormattableString.Invariant($"Recording {count} interviews of {Length.TotalSeconds:0} s; their final pass is left to the measured server."));
        await using var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = outputFolder, DataFolder = dataFolder, Settings = Settings }, time, cancellation);
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new InterviewService.InterviewServiceClient(channel);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (number, token) => await RecordAsync(client, number, token));
    }

    private async Task RecordAsync(InterviewService.InterviewServiceClient client, int number, CancellationToken cancellation)
    {
        var request = InterviewRequest.Of(number, Length, invited: false);
        request.Recognizer = "refined";
        var created = await client.CreateInterviewAsync(request, cancellationToken: cancellation);
        using var call = client.StreamMedia(cancellationToken: cancellation);
        var start = new Start { InterviewId = created.InterviewId, AccessToken = created.AccessToken };
        start.Tracks.Add(new TrackDescription { Track = Track.Audio, Codec = Codec.Opus });
        start.Tracks.Add(new TrackDescription { Track = Track.Video, Codec = Codec.Vp8 });
        await call.RequestStream.WriteAsync(new ClientMessage { Start = start }, cancellation);
        foreach (var message in MessagesOf(number))
            await call.RequestStream.WriteAsync(message, cancellation);
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            // Told when its turn is not at once, which is never here.
            if (call.ResponseStream.Current.Progress is not null)
                return;
        }

        throw new InvalidOperationException($"Interview {created.InterviewId} of the backlog ended without waiting for its final pass.");
    }

    private IEnumerable<ClientMessage> MessagesOf(int number)
    {
        var track = speech.Tracks[number % speech.Tracks.Count];
        var place = track.StartBefore(number * track.Parts.Count / 7);
        var end = (long)Length.TotalMicroseconds;
        yield return new ClientMessage
        {
            Stage = new StageMarker { StageId = InterviewRequest.StageId, QuestionId = InterviewRequest.QuestionId, Attempt = 1, Kind = StageMarkerKind.Begin },
        };
        var pictures = Packets(Track.Video, video, 0).TakeWhile(packet => packet.MediaTimeUs < end).GetEnumerator();
        var picture = pictures.MoveNext() ? pictures.Current : null;
        foreach (var sound in Packets(Track.Audio, track.Audio, track.UnitAt(place)).TakeWhile(packet => packet.MediaTimeUs < end))
        {
            for (; picture is not null && picture.MediaTimeUs <= sound.MediaTimeUs; picture = pictures.MoveNext() ? pictures.Current : null)
                yield return new ClientMessage { Packet = picture };
            yield return new ClientMessage { Packet = sound };
        }

        yield return new ClientMessage { End = new End { Sequence = 1, MediaTimeUs = end } };
    }

    /// <summary>The clip from a unit on, again and again.</summary>
    private static IEnumerable<MediaPacket> Packets(Track track, MediaClip clip, int first)
    {
        var shift = -clip.Units[first].Time;
        var sequence = 0UL;
        for (var unit = first; ; unit++)
        {
            if (unit == clip.Units.Count)
                (unit, shift) = (0, shift + clip.Duration);
            var (time, keyFrame, payload, _) = clip.Units[unit];
            yield return new MediaPacket
            {
                Track = track,
                Sequence = sequence++,
                MediaTimeUs = (long)(time + shift).TotalMicroseconds,
                Payload = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(payload),
                KeyFrame = keyFrame && track is Track.Video,
            };
        }
    }
}
