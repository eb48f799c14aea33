using MediaScore.Protocol.Interview.V1;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>From a timeline to its transcript on the wire. After a recovery an utterance may stand in the timeline twice; it is told once.</summary>
internal static class TranscriptMapping
{
    public static GetTranscriptResponse ToWire(IReadOnlyList<Observation> timeline)
    {
        var response = new GetTranscriptResponse();
        response.Utterances.AddRange(StandingTranscripts.Of(timeline.OfType<UtteranceTranscript>()).Select(Utterance));
        response.Quality.AddRange(timeline.OfType<AudioQuality>().DistinctBy(q => q.Range).OrderBy(q => q.Range.Start).Select(Quality));
        response.NotAnalysed.AddRange(timeline.OfType<NotAnalysed>().Select(n => $"{n.Modality}: {n.Reason}").Distinct());
        return response;
    }

    private static Utterance Utterance(UtteranceTranscript transcript)
    {
        var utterance = new Utterance
        {
            StartUs = transcript.Range.Start.Microseconds,
            EndUs = transcript.Range.End.Microseconds,
            Language = transcript.Language,
            Text = transcript.Text,
            MeanLogProbability = transcript.MeanLogProbability,
            Rejected = transcript.Rejected ?? "",
        };
        utterance.Words.AddRange(transcript.Words.Select(w => new Word { Text = w.Text, StartUs = w.Range.Start.Microseconds, EndUs = w.Range.End.Microseconds }));
        if (transcript.Model is { } model)
            utterance.Model = new ModelVersion { Id = model.Id, Version = model.Version };
        return utterance;
    }

    private static SoundQuality Quality(AudioQuality quality) => new()
    {
        StartUs = quality.Range.Start.Microseconds,
        EndUs = quality.Range.End.Microseconds,
        SnrDb = quality.SnrDb,
        LevelDbfs = quality.LevelDbfs,
        ClippedShare = quality.ClippedShare,
        MusicLikelihood = quality.MusicLikelihood,
        Verdict = quality.Verdict.ToString().ToLowerInvariant(),
    };
}
