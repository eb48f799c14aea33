using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// What a session must know of its interview. Settled before it is opened and the same after every restart, because the analysis is a function of the
/// recording and of this.
/// </summary>
/// <param name="InterviewId">Names the interview's folder and its data key.</param>
/// <param name="Language">What the candidate speaks, BCP 47.</param>
/// <param name="Permitted">Consent and policy taken together; nothing else is recorded or constructed.</param>
/// <param name="PlanId">For the first timeline record.</param>
/// <param name="PlanSha256">Hex SHA-256 of the plan's bytes.</param>
/// <param name="PolicyProfile">Name of the policy profile in force.</param>
/// <param name="RecognizerTier"><c>default</c> or <c>accurate</c>.</param>
/// <param name="OwnershipEpoch">Fencing token of the node that opens the interview: goes up with every opening.</param>
/// <param name="Questions">All questions of the plan, in order.</param>
public sealed record InterviewSettings(
    string InterviewId,
    string Language,
    Modality Permitted,
    string PlanId,
    string PlanSha256,
    string PolicyProfile,
    string RecognizerTier,
    ulong OwnershipEpoch,
    IReadOnlyList<QuestionSettings> Questions)
{
    public bool Permits(Modality modality) => (Permitted & modality) == modality;

    public QuestionSettings? Find(string stageId, string questionId) =>
        Questions.FirstOrDefault(q => q.StageId == stageId && q.QuestionId == questionId);
}

/// <summary>One question as the pipelines need it.</summary>
/// <param name="StageId">The stage it belongs to.</param>
/// <param name="QuestionId">Unique within the plan.</param>
/// <param name="Text">In the interview's language.</param>
/// <param name="TimeLimit">Of one attempt, in media time; zero = none.</param>
/// <param name="RerecordCount">How often the answer may be given again.</param>
/// <param name="Anchors">Behavioural anchors to compare the answer with, in the interview's language.</param>
/// <param name="Written">Answered in writing; its time limit runs on where the sound is missing.</param>
public sealed record QuestionSettings(
    string StageId, string QuestionId, string Text, TimeSpan TimeLimit, int RerecordCount, IReadOnlyList<Text.AnchorText> Anchors, bool Written = false);
