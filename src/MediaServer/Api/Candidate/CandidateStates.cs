using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Policy;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Ingress.Whip;
using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;
using MediaScore.Timeline;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>Writes down where an interview stands, for its candidate.</summary>
internal sealed class CandidateStates(SessionRegistry registry, InterviewReports reports, IceServerLinks iceServers, IOptions<CandidateOptions> options)
{
    /// <param name="row">As stored; where the interview is on this node, its own row is newer.</param>
    /// <param name="language">What the page asks for, or null.</param>
    /// <returns>Null where the interview was erased.</returns>
    public async Task<CandidateState?> OfAsync(InterviewRow row, string? language, CancellationToken cancellation)
    {
        var interview = registry.Find(row.Id);
        row = interview?.Row ?? row;
        await OpenAsync(interview, cancellation);
        var plan = interview?.Plan.Plan ?? (await reports.TryReadPlanAsync(row.Id, cancellation))?.Plan;
        if (plan is null)
            return null;
        var shown = LanguageFor(plan, row, language);
        var phase = PhaseOf(row, interview);
        var policy = PolicyProfile.Find(row.PolicyProfile);
        var settings = options.Value;
        var (recorded, safe) = interview?.Session is { } session
            ? (session.RecordedUntil, session.Durable)
            : phase is CandidatePhase.Finished && reports.ReadTimeline(row.Id)?.Entries.Select(e => e.Observation).OfType<FinalPassDone>().LastOrDefault() is { } done
                ? (done.Range.End, done.Range.End)
                : default;
        return new CandidateState(
            row.Id, phase, plan.Title.In(shown), shown, plan.Languages, row.Language, row.ConsentPending,
            [.. (policy?.Rules ?? []).Select(rule => new ModalityChoice(CandidateJson.Word(rule.Modality), rule.Allowed, rule.Reason, RequirementOf(rule.Modality)))],
            CandidateJson.Words(row.Consent), CandidateJson.Words(row.Permitted),
            [.. plan.Stages.Select(stage => StageOf(stage, shown))],
            PositionOf(interview, phase),
            !row.ConsentPending && CandidateControl.NeedsMedia(row.Permitted), interview is { IsMediaConnected: true },
            recorded.Microseconds / 1000, safe.Microseconds / 1000,
            new VideoLimits(Codec: null, settings.VideoHeight, settings.VideoFramerate, settings.VideoKbps * 1000),
            iceServers.For(row.Id),
            ServerAddresses.CandidatePath(row.Id) + "/whip");
    }

    /// <summary>
    /// A process that has just started reads the recordings of the interviews that ran, one after the other. A page that asks before its turn came would hear that nothing is
    /// safe and no question was begun.
    /// </summary>
    private static async Task OpenAsync(LiveInterview? interview, CancellationToken cancellation)
    {
        if (interview is not { Row.State: InterviewState.Running, Session: null })
            return;
        try
        {
            await interview.OpenSessionAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The conductor meets the same, deals with it and writes it down; the page hears the state that is stored.
        }
    }

    public static CandidatePhase PhaseOf(InterviewRow row, LiveInterview? interview) => row.State switch
    {
        InterviewState.Created => row.ConsentPending ? CandidatePhase.Invited : CandidatePhase.Ready,
        InterviewState.Running => interview?.Session is { HasEnded: true } ? CandidatePhase.Finishing : CandidatePhase.Running,
        InterviewState.Finishing => CandidatePhase.Finishing,
        InterviewState.ReportReady => CandidatePhase.Finished,
        _ => CandidatePhase.Failed,
    };

    /// <summary>The language that was asked for where the plan has it, else the interview's: primary subtags.</summary>
    public static string LanguageFor(InterviewPlan plan, InterviewRow row, string? asked)
    {
        var primary = asked?.Split('-')[0].ToLowerInvariant();
        return plan.Languages.FirstOrDefault(l => l == primary) ?? row.Language.Split('-')[0];
    }

    // The same dependencies that PolicyProfile.Permit applies.
    private static string? RequirementOf(Modality modality) => modality switch
    {
        Modality.Transcript or Modality.Prosody => CandidateJson.Word(Modality.Audio),
        Modality.FacePresence or Modality.Gaze or Modality.Expression or Modality.FaceIdentity => CandidateJson.Word(Modality.Video),
        _ => null,
    };

    private static CandidateStage StageOf(PlanStage stage, string language) => new(
        stage.Id, stage.Title.In(language), CandidateJson.Word(stage.Mode),
        [.. stage.Questions.Select(q => new CandidateQuestion(q.Id, q.Text.In(language), (int)q.TimeLimit.TotalSeconds, q.Rerecords))]);

    private static CandidatePosition PositionOf(LiveInterview? interview, CandidatePhase phase)
    {
        if (interview is null || phase is not (CandidatePhase.Invited or CandidatePhase.Ready or CandidatePhase.Running))
            return new CandidatePosition(Open: null, Next: null, new Dictionary<string, int>(), Over: true);
        var (position, attempts) = CandidateControl.Position(interview);
        return new CandidatePosition(
            position.Active is { } open ? new OpenQuestion(open.StageId, open.QuestionId, open.Attempt, Math.Round(position.TimeLeft.TotalSeconds, 1)) : null,
            position is { NextStageId: { } stage, NextQuestionId: { } question } ? new NextQuestion(stage, question) : null,
            attempts, position.Over);
    }
}
