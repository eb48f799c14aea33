using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Policy;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;
using MediaScore.Timeline;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>Writes the candidate's receipt: what was recorded and what not, and what was answered. It says nothing of any rating.</summary>
internal sealed class CandidateReceipts(SessionRegistry registry, InterviewReports reports, IOptions<CandidateOptions> options)
{
    /// <returns>Null where the interview was erased.</returns>
    public async Task<CandidateReceipt?> OfAsync(InterviewRow row, string? language, CancellationToken cancellation)
    {
        var interview = registry.Find(row.Id);
        row = interview?.Row ?? row;
        var plan = interview?.Plan.Plan ?? (await reports.TryReadPlanAsync(row.Id, cancellation))?.Plan;
        if (plan is null)
            return null;
        var timeline = reports.ReadTimeline(row.Id)?.Entries ?? [];
        var takes = interview?.Session is { } session
            ? CandidateTakes.Of(session)
            : CandidateTakes.Of([.. timeline.Select(e => e.Observation)], reports.RecordedTracks(row.Id));
        // Not the end less the length: an interview that was left ends minutes after its last media, and one that was away over a restart has a hole.
        var began = timeline.FirstOrDefault(e => e.Observation is InterviewStarted)?.WallClock;
        var shown = CandidateStates.LanguageFor(plan, row, language);
        return new CandidateReceipt(
            row.Id, CandidateStates.PhaseOf(row, interview), plan.Title.In(shown), shown,
            takes.End > MediaTime.Zero ? began : null, row.EndedAt, takes.End.Microseconds / 1000,
            Modalities(row, takes), [.. plan.Questions.Select(q => AnswerTo(q.Stage, q.Question, shown, takes))],
            "person", options.Value.Contact is { Length: > 0 } contact ? contact : null);
    }

    private static List<ReceiptModality> Modalities(InterviewRow row, CandidateTakes takes)
    {
        var withheld = PolicyProfile.Find(row.PolicyProfile)?.Withheld(row.Consent) ?? [];
        return
        [
            .. CandidateJson.Modalities.Select(m =>
                !row.Permitted.HasFlag(m.Modality) ? new ReceiptModality(m.Word, Recorded: false, withheld.FirstOrDefault(w => w.Modality == m.Modality)?.Reason ?? "no consent")
                : Came(m.Modality, takes) ? new ReceiptModality(m.Word, Recorded: true, Reason: null)
                : new ReceiptModality(m.Word, Recorded: false, "nothing came")),
        ];
    }

    private static bool Came(Modality modality, CandidateTakes takes) => modality switch
    {
        Modality.Audio or Modality.Transcript or Modality.Prosody => takes.SoundCame,
        Modality.Text => takes.Written.Count > 0,
        _ => takes.PicturesCame,
    };

    private static ReceiptAnswer AnswerTo(PlanStage stage, PlanQuestion question, string language, CandidateTakes takes)
    {
        var last = takes.Takes.LastOrDefault(t => t.QuestionId == question.Id);
        var attempts = takes.Takes.Where(t => t.QuestionId == question.Id).Select(t => t.Attempt).DefaultIfEmpty().Max();
        var written = takes.Written.TryGetValue(question.Id, out var characters) ? characters : (int?)null;
        return new ReceiptAnswer(
            stage.Id, question.Id, CandidateJson.Word(stage.Mode), question.Text.In(language), stage.Mode is AnswerMode.Text ? written is not null : last is not null, attempts,
            last is null ? null : Math.Round((last.End - last.Start).TotalSeconds, 1), written);
    }
}
