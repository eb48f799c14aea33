using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Text;
using MediaScore.Pipelines.Video;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

// Which analysers this interview has: only those that consent and policy permit, and that have a model. What is missing is said.
public sealed partial class InterviewSession
{
    private MediaAnalysis CreateAnalysis(KnownObservations known) => new(
        Settings,
        _sink,
        Settings.Permits(Modality.Audio) && _services.VoiceActivity is not null ? () => CreateAudio(known, _services.Costs) : null,
        Settings.Permits(Modality.Video) ? () => CreateVideo(known, _services.Costs) : null,
        _services.Costs,
        _services.Loggers.CreateLogger<InterviewSession>());

    /// <param name="refiner">Hears once more what was heard; null: what was missed is asked of the same recogniser as live.</param>
    private MediaAnalysis CreateFinalAnalysis(MissedTracks tracks, ISpeechRecognizer? refiner, KnownObservations known)
    {
        var costs = _services.FinalPasses?.Costs ?? _services.Costs;
        return new MediaAnalysis(
            Settings,
            _sink,
            tracks.HasFlag(MissedTracks.Audio) && Settings.Permits(Modality.Audio) && _services.VoiceActivity is not null ? () => CreateAudio(known, costs, refiner) : null,
            tracks.HasFlag(MissedTracks.Video) && Settings.Permits(Modality.Video) ? () => CreateVideo(known, costs) : null,
            costs,
            _services.Loggers.CreateLogger<InterviewSession>());
    }

    private AudioPipeline CreateAudio(KnownObservations known, PipelineCosts costs, ISpeechRecognizer? refiner = null)
    {
        var reason = "no recogniser is loaded; run: mediascore models prepare";
        var recognizer = refiner;
        if (recognizer is null && Settings.Permits(Modality.Transcript))
            _services.Recognizers?.TryGet(Settings.Language, SpeechRecognizers.LiveTierOf(Settings.RecognizerTier), out recognizer, out reason);
        return new AudioPipeline(new AudioPipelineContext(
            Settings.InterviewId, Settings.Permitted, Settings.Language, _services.VoiceActivity!, recognizer, recognizer is null ? reason : null,
            _sink, _services.AudioOptions, known)
        {
            Costs = costs,
            Level = _level,
            Refines = refiner is not null,
            Time = _services.Time,
        });
    }

    private VideoPipeline CreateVideo(KnownObservations known, PipelineCosts costs) => new(
        new VideoPipelineContext(Settings.InterviewId, Settings.Permitted, _services.Faces, _services.WhyNoFaces, _sink, _services.VideoOptions, known)
        {
            Costs = costs,
        });

    /// <summary>Compares every answer, each take of it, with the plan's anchors. Needs all transcripts, so it comes after the media.</summary>
    private async Task AnalyseTextAsync(CancellationToken cancellationToken)
    {
        var observations = Observations;
        var transcripts = StandingTranscripts.Of(observations.OfType<UtteranceTranscript>());
        var spoken = Settings.Permits(Modality.Transcript)
            ? SpokenAnswers(observations).Select(s => (s.QuestionId, s.StageId, s.Attempt, s.Range, Sentences: AnswerText.Sentences(transcripts, s.Range)))
            : [];
        var written = Settings.Permits(Modality.Text)
            ? observations.OfType<WrittenAnswer>().Select(w => (w.QuestionId, w.StageId, w.Attempt, w.Range, Sentences: AnswerText.Sentences(w)))
            : [];
        var analyzer = new AnswerTextAnalyzer(
            _services.Encoder, Settings.Language, _services.Encoder is null ? "no sentence encoder is loaded; run: mediascore models prepare" : null,
            _services.Anchors);
        // In media order, so that two runs write the same records in the same order.
        var answers = spoken.Concat(written).Where(a => a.Sentences.Count > 0).OrderBy(a => a.Range.Start).ThenBy(a => a.QuestionId, StringComparer.Ordinal).ToList();
        for (var i = 0; i < answers.Count; i++)
        {
            var answer = answers[i];
            var question = Settings.Find(answer.StageId, answer.QuestionId)!;
            // Nothing is "known" to the analyser here: the sink passes over what the timeline holds, by content.
            await analyzer.AnalyzeAsync(
                new Answer(answer.QuestionId, answer.Attempt, answer.Range, answer.Sentences, question.Anchors), _sink, KnownObservations.None, RequestClass.Deferred, cancellationToken);
            Publish(new ProgressMade("text", (i + 1.0) / answers.Count));
        }
    }

    private static IEnumerable<(string QuestionId, string StageId, int Attempt, MediaRange Range)> SpokenAnswers(IReadOnlyList<Observation> observations) =>
        from ended in observations.OfType<StageEnded>()
        let started = observations.OfType<StageStarted>().FirstOrDefault(s => (s.QuestionId, s.Attempt) == (ended.QuestionId, ended.Attempt))
        where started is not null
        select (ended.QuestionId, ended.StageId, ended.Attempt, new MediaRange(started.Range.Start, ended.Range.Start));
}
