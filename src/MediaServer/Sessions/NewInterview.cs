using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>A request for an interview, checked.</summary>
/// <param name="IdempotencyKey">Null without one.</param>
/// <param name="Invited">The candidate is asked for consent; <paramref name="Consent"/> and <paramref name="Permitted"/> are empty.</param>
internal sealed record NewInterview(
    string Tenant, StoredPlan Plan, string CandidateReference, Modality Consent, Modality Permitted, string Language, string PolicyProfile, string Recognizer,
    string? IdempotencyKey, bool Invited = false);

/// <summary>An interview that was made, or the one of an earlier call with the same idempotency key.</summary>
/// <param name="AccessToken">Given out once: only its hash is kept.</param>
/// <param name="CandidateToken">The same, for the candidate's link.</param>
internal sealed record CreatedInterview(string InterviewId, string AccessToken, string CandidateToken, Modality Permitted, StoredPlan Plan, string Language);
