using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;
using static MediaScore.Assessment.Reports.ReportFigures;

namespace MediaScore.Assessment.Reports;

/// <summary>Collects what was observed of each answer: for the rater and for the reader.</summary>
internal sealed class AnswerReader(InterviewPlan plan, CanonicalTimeline timeline, string language, Modality permitted)
{
    private readonly double? _usualRate = SpeakerPace.UsualRate(timeline.All<UtteranceProsody>().DistinctBy(p => p.Range));
    private readonly ILookup<string, AnswerTake> _takes = AnswerTake.AllOf(plan, timeline);
    private readonly IReadOnlyList<UtteranceTranscript> _transcripts = timeline.Transcripts;
    private readonly IReadOnlyList<SpeechSegment> _speech = [.. timeline.All<SpeechSegment>().DistinctBy(s => s.Range)];
    private readonly IReadOnlyList<UtteranceProsody> _prosody = [.. timeline.All<UtteranceProsody>().DistinctBy(p => p.Range)];
    private readonly IReadOnlyList<AudioQuality> _audioQuality = [.. timeline.All<AudioQuality>().DistinctBy(a => a.Range)];
    private readonly ILookup<(string, int), AnchorSimilarity> _similarities = timeline.All<AnchorSimilarity>().ToLookup(s => (s.QuestionId, s.Attempt));
    private readonly ILookup<(string, int), RaterOpinion> _opinions = timeline.All<RaterOpinion>().ToLookup(o => (o.QuestionId, o.Attempt));
    private readonly IReadOnlyList<NotAnalysed> _notAnalysed = [.. timeline.All<NotAnalysed>()];

    public IReadOnlyList<AnswerTake> Takes(string questionId) => [.. _takes[questionId]];

    /// <summary>The last take; null where the question was not answered.</summary>
    public AnswerTake? Counting(string questionId) => _takes[questionId].LastOrDefault();

    public AnswerEvidence Evidence(PlanStage stage, PlanQuestion question, Competency competency)
    {
        var take = Counting(question.Id);
        var range = take?.Range ?? default;
        var key = (question.Id, take?.Attempt ?? 0);
        var sentences = Sentences(take);
        return new AnswerEvidence(
            question, competency, stage.Mode, take?.Attempt ?? 0, range, language, permitted, sentences,
            [.. AnswerText.OfStanding(_similarities[key].Where(s => s.CompetencyId == competency.Id || s.Level == 0), sentences)],
            Within(_speech, range), Within(_transcripts, range), Within(_prosody, range), _usualRate, [.. _audioQuality.Where(a => a.Range.Overlaps(range))],
            [.. _opinions[key].Where(o => o.CompetencyId == competency.Id)],
            [.. take is null ? [] : _notAnalysed.Where(n => Concerns(n.Range, range))]);
    }

    public ReportAnswer? Answer(AnswerTake? take)
    {
        if (take is null)
            return null;
        var sentences = Sentences(take);
        var spoken = take.Written is null;
        var transcripts = spoken ? Within(_transcripts, take.Range) : [];
        var heard = transcripts.Where(t => t.Text.Length > 0).ToList();
        var seconds = heard.Sum(t => t.Range.Duration.TotalSeconds);
        return new ReportAnswer(
            [.. sentences.Select(s => new ReportSentence(s.Index, s.Text, Ms(s.Range.Start), Ms(s.Range.End)))],
            AnswerStructure.Of([.. sentences.Select(s => s.Text)], language).WordCount,
            spoken ? Within(_speech, take.Range).Sum(s => Ms(s.Range.Duration)) : 0,
            seconds > 0 ? Rounded(heard.Sum(t => t.MeanLogProbability * t.Range.Duration.TotalSeconds) / seconds, 2) : null,
            spoken && permitted.HasFlag(Modality.Prosody) ? Delivery(Within(_prosody, take.Range), _usualRate) : null,
            [.. transcripts.Where(t => t.Rejected is not null).Select(t => new ReportWithheldText(Ms(t.Range.Start), Ms(t.Range.End), t.Rejected!))]);
    }

    private IReadOnlyList<AnswerSentence> Sentences(AnswerTake? take) =>
        take is null ? [] : take.Written is { } written ? AnswerText.Sentences(written) : AnswerText.Sentences(_transcripts, take.Range);

    private static ReportDelivery? Delivery(IReadOnlyList<UtteranceProsody> utterances, double? usualRate)
    {
        var seconds = utterances.Sum(u => u.Range.Duration.TotalSeconds);
        if (seconds <= 0)
            return null;
        var words = utterances.Sum(u => u.WordCount);
        var fillers = utterances.Sum(u => u.FillerCount);
        var rate = Median(utterances.Select(u => u.SyllablesPerSecond));
        var pitch = utterances.Select(u => u.PitchRangeSemitones).OfType<double>().ToList();
        return new ReportDelivery(
            words + fillers == 0 ? 0 : Rounded(100.0 * fillers / (words + fillers), 1),
            Rounded(utterances.Sum(u => u.InnerPauseShare * u.Range.Duration.TotalSeconds) / seconds, 2),
            usualRate is { } usual ? Rounded(rate / usual, 2) : null, Rounded(rate, 1),
            pitch.Count == 0 ? null : Rounded(Median(pitch), 1));
    }

    private static IReadOnlyList<T> Within<T>(IReadOnlyList<T> observations, MediaRange range) where T : Observation =>
        [.. observations.Where(o => range.ContainsMiddleOf(o.Range))];

    /// <summary>A reason without a length holds from its moment on.</summary>
    private static bool Concerns(MediaRange reason, MediaRange answer) =>
        reason.Overlaps(answer) || (reason.Start == reason.End && reason.Start <= answer.End);
}
