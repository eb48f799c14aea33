using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>What a report needs beside plan and timeline.</summary>
/// <param name="InterviewId">Volatile.</param>
/// <param name="CandidateReference">The caller's own, opaque; never a name.</param>
/// <param name="Consent">What the candidate agreed to; the timeline has what consent and policy permitted together.</param>
/// <param name="CreatedAt">Wall clock, volatile; null where not known.</param>
/// <param name="EndedAt">Wall clock, volatile; null where not known.</param>
public sealed record ReportMetadata(string InterviewId, string CandidateReference, Modality Consent, DateTimeOffset? CreatedAt, DateTimeOffset? EndedAt);
