using MediaScore.Timeline;

namespace MediaScore.Storage;

/// <summary>Where an interview stands; the names are stored.</summary>
public enum InterviewState { Created, Running, Finishing, ReportReady, Failed }

/// <summary>One interview. Holds no name and nothing that was said.</summary>
public sealed class InterviewRow
{
    /// <summary>1 to 64 characters of <c>[A-Za-z0-9_-]</c>.</summary>
    public required string Id { get; set; }

    /// <summary>1 to 64 characters of <c>[a-z0-9-]</c>.</summary>
    public required string Tenant { get; set; }

    public required string PlanId { get; set; }

    /// <summary>SHA-256 (hex) of the plan's YAML bytes.</summary>
    public required string PlanSha256 { get; set; }

    /// <summary>The caller's own reference to the candidate, at most 128 characters. Not a name.</summary>
    public string CandidateReference { get; set; } = "";

    /// <summary>What the candidate agreed to.</summary>
    public Modality Consent { get; set; }

    /// <summary>Consent and policy taken together.</summary>
    public Modality Permitted { get; set; }

    /// <summary>BCP 47.</summary>
    public required string Language { get; set; }

    public required string PolicyProfile { get; set; }

    /// <summary>Recogniser tier: <c>default</c>, <c>accurate</c> or <c>refined</c>.</summary>
    public required string Recognizer { get; set; }

    /// <summary>SHA-256 (hex) of the access token; the token itself is not kept.</summary>
    public required string AccessTokenSha256 { get; set; }

    /// <summary>SHA-256 (hex) of the token in the candidate's link; null in rows of versions that had none.</summary>
    public string? CandidateTokenSha256 { get; set; }

    /// <summary>Made by an invitation: the candidate gives consent, comes within days and takes no place before.</summary>
    public bool Invited { get; set; }

    /// <summary>An invitation whose candidate has not said yet what is consented to; <see cref="Consent"/> and <see cref="Permitted"/> are empty so far.</summary>
    public bool ConsentPending { get; set; }

    /// <summary>The caller's key, unique within the tenant; null without one.</summary>
    public string? IdempotencyKey { get; set; }

    public InterviewState State { get; set; }

    /// <summary>Fencing token: grows each time a process takes the interview over.</summary>
    public long OwnershipEpoch { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the last media was accepted for good; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? ReportReadyAt { get; set; }

    /// <summary>Why it failed; null otherwise.</summary>
    public string? FailureReason { get; set; }
}
