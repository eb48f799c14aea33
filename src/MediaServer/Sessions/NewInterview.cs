using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>A request for an interview, checked.</summary>
/// <param name="IdempotencyKey">Null without one.</param>
internal sealed record NewInterview(
    string Tenant, StoredPlan Plan, string CandidateReference, Modality Consent, Modality Permitted, string Language, string PolicyProfile, string Recognizer,
    string? IdempotencyKey);

/// <summary>An interview that was made, or the one of an earlier call with the same idempotency key.</summary>
/// <param name="AccessToken">Given out once: only its hash is kept.</param>
internal sealed record CreatedInterview(string InterviewId, string AccessToken, Modality Permitted, StoredPlan Plan, string Language);
