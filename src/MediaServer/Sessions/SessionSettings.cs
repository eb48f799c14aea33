using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Text;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

/// <summary>From the row and the plan to what a session needs of them.</summary>
internal static class SessionSettings
{
    public static InterviewSettings For(InterviewRow row, StoredPlan plan, ulong epoch) => new(
        row.Id,
        row.Language,
        row.Permitted,
        row.PlanId,
        row.PlanSha256,
        row.PolicyProfile,
        row.Recognizer,
        epoch,
        [
            .. plan.Plan.Questions.Select(q => new QuestionSettings(
                q.Stage.Id,
                q.Question.Id,
                q.Question.Text.In(row.Language),
                q.Question.TimeLimit,
                q.Question.Rerecords,
                [.. plan.Plan.AnchorTexts(q.Question.Id, row.Language).Select(a => new AnchorText(a.CompetencyId, a.Level, a.Text))],
                q.Stage.Mode is Assessment.Plans.AnswerMode.Text)),
        ]);
}
