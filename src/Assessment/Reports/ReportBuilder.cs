using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Policy;
using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;
using static MediaScore.Assessment.Reports.ReportFigures;

namespace MediaScore.Assessment.Reports;

/// <summary>Makes the report of one interview. Pure: the same observations in any order and number give the same report.</summary>
public static class ReportBuilder
{
    // Warnings of one kind that follow each other this closely are one for the reader.
    private const long JoinWarningsMs = 2_000;

    /// <summary>With the rater of this version.</summary>
    public static InterviewReport Build(InterviewPlan plan, IReadOnlyList<Observation> timeline, ReportMetadata metadata) =>
        Build(plan, timeline, metadata, new AnchorAndStructureRater());

    /// <param name="plan">The plan the interview was held by (<see cref="InterviewStarted.PlanSha256"/>).</param>
    /// <param name="timeline">Every observation; duplicates and any order are fine.</param>
    public static InterviewReport Build(InterviewPlan plan, IReadOnlyList<Observation> timeline, ReportMetadata metadata, IAnswerRater rater)
    {
        var canonical = CanonicalTimeline.Of(timeline);
        var started = canonical.Started;
        var language = started?.Language ?? plan.Languages[0];
        var permitted = started?.Permitted ?? Modality.None;
        var answers = new AnswerReader(plan, canonical, language, permitted);
        var ratings = plan.Questions
            .SelectMany(q => q.Question.Competencies.Select(c => rater.Rate(answers.Evidence(q.Stage, q.Question, plan.FindCompetency(c.CompetencyId)!)))).ToList();
        var scorecard = ScorecardBuilder.Build(plan, rater.Id, ratings);
        return new InterviewReport(
            InterviewReport.CurrentFormat,
            new ReportInterview(metadata.InterviewId, metadata.CandidateReference, metadata.CreatedAt, metadata.EndedAt, language, Ms(canonical.End), canonical.Ended?.Reason),
            new ReportPlan(plan.Id, plan.Version, plan.Title.In(language), started?.PlanSha256),
            Policy(started, metadata.Consent, permitted),
            new ReportOverall(scorecard.Overall.Rating, scorecard.Overall.Confidence, scorecard.Overall.Coverage, scorecard.RaterId, "person"),
            [.. scorecard.Competencies.Select(score => Competency(plan.FindCompetency(score.CompetencyId)!, score, language))],
            [.. plan.Stages.Select(stage => Stage(stage, answers, scorecard, language))],
            QualitySummary.Of(canonical, permitted),
            [
                .. canonical.All<QualityWarning>().GroupBy(w => w.Warning).OrderBy(g => g.Key)
                    .Select(g => new ReportWarning(g.Key, g.Count(), Joined(g.Select(w => w.Range), JoinWarningsMs))),
            ],
            [.. canonical.All<MediaGap>().Select(g => new ReportGap(g.Track, Ms(g.Range.Start), Ms(g.Range.End), g.Reason))],
            [
                .. canonical.All<NotAnalysed>().GroupBy(n => (n.Modality, n.Reason)).OrderBy(g => g.Key.Modality).ThenBy(g => g.Key.Reason, StringComparer.Ordinal)
                    .Select(g => new ReportNotAnalysed(g.Key.Modality, g.Key.Reason, Joined(g.Select(n => n.Range), 0))),
            ],
            [.. canonical.All<AnalysisFault>().Select(f => new ReportFault(f.Component, f.Fault, Ms(f.Range.Start), Ms(f.Range.End)))],
            Models(canonical),
            Notes(plan, canonical, answers, started));
    }

    private static ReportPolicy Policy(InterviewStarted? started, Modality consent, Modality permitted)
    {
        var name = started?.PolicyProfile ?? "";
        var profile = PolicyProfile.Find(name);
        return new ReportPolicy(
            name, profile?.Title ?? name, Flags(consent), Flags(permitted), [.. (profile?.Withheld(consent) ?? []).Select(w => new ReportWithheld(w.Modality, w.Reason))]);
    }

    private static IReadOnlyList<Modality> Flags(Modality modalities) =>
        [.. Enum.GetValues<Modality>().Where(m => m != Modality.None && modalities.HasFlag(m))];

    private static ReportCompetency Competency(Competency competency, CompetencyScore score, string language) =>
        new(competency.Id, competency.Name.In(language), competency.Definition.In(language), competency.Weight, score.Rating, score.Confidence, score.Coverage,
            score.AssessedQuestionCount, score.QuestionCount, [.. competency.Anchors.Select(a => new ReportAnchor(a.Level, a.Text.In(language)))]);

    private static ReportStage Stage(PlanStage stage, AnswerReader answers, Scorecard scorecard, string language) =>
        new(stage.Id, stage.Title.In(language), stage.Mode switch { AnswerMode.Video => "video", AnswerMode.Voice => "voice", _ => "text" },
        [
            .. stage.Questions.Select(question =>
            {
                var counting = answers.Counting(question.Id);
                return new ReportQuestion(
                    question.Id, question.Text.In(language), (int)question.TimeLimit.TotalSeconds, question.Rerecords,
                    [
                        .. answers.Takes(question.Id)
                            .Select(t => new ReportAttempt(t.Attempt, Ms(t.Range.Start), Ms(t.Range.End), t.EndReason, t == counting)),
                    ],
                    answers.Answer(counting), [.. scorecard.Ratings.Where(r => r.QuestionId == question.Id)]);
            }),
        ]);

    /// <summary>Those that made an observation, and those the final pass names.</summary>
    private static IReadOnlyList<ModelStamp> Models(CanonicalTimeline timeline) =>
    [
        .. timeline.All<Observation>().Select(o => o.Model).OfType<ModelStamp>().Concat(timeline.All<FinalPassDone>().SelectMany(f => f.Models)).Distinct()
            .OrderBy(m => m.Id, StringComparer.Ordinal).ThenBy(m => m.Version, StringComparer.Ordinal),
    ];

    private static List<ReportNote> Notes(InterviewPlan plan, CanonicalTimeline timeline, AnswerReader answers, InterviewStarted? started)
    {
        var notes = new List<ReportNote>
        {
            new(ReportNoteKind.PersonDecides, "A person decides. This report rejects nobody; it collects evidence that can be checked against the recording."),
            new(ReportNoteKind.FirstVersionRater,
                "Ratings come from a first version: similarity to the plan's behavioural anchors and the structure of the answer. It has not been validated against human raters."),
            new(ReportNoteKind.MissingIsNotLow, "What is missing is 'not assessed' and lowers no rating."),
            new(ReportNoteKind.FaceNotScored, "Face and gaze are shown as picture quality only; they are no part of any rating."),
        };
        if (plan.Questions.Any(q => answers.Takes(q.Question.Id).Count > 1))
            notes.Add(new ReportNote(ReportNoteKind.LastTakeCounts, "Where an answer was given again, the last take counts; the others are listed."));
        if (timeline.Ended is null)
            notes.Add(new ReportNote(ReportNoteKind.NoEnd, "The timeline has no end of the interview: it may be incomplete."));
        if (!timeline.All<FinalPassDone>().Any())
            notes.Add(new ReportNote(ReportNoteKind.FinalPassMissing, "The final pass over the recording has not run: some analysis may be missing."));
        if (started is not null && PolicyProfile.Find(started.PolicyProfile) is null)
            notes.Add(new ReportNote(ReportNoteKind.UnknownPolicy, $"The policy profile '{started.PolicyProfile}' is not known to this version."));
        return notes;
    }
}
