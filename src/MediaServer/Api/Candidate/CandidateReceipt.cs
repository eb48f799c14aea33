namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>What the candidate takes home; the answer of <c>GET .../candidate/receipt</c>.</summary>
/// <param name="StartedAt">When recording began; null where nothing was recorded.</param>
/// <param name="EndedAt">Null while the interview runs.</param>
/// <param name="Recorded">Every modality: was it recorded or measured, and if not, why not.</param>
/// <param name="DecidedBy">Always <c>person</c>.</param>
/// <param name="Contact">Whom to ask (<c>Server:CandidateContact</c>); null where the server names nobody.</param>
internal sealed record CandidateReceipt(
    string InterviewId, CandidatePhase State, string Title, string Language, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long RecordedMs,
    IReadOnlyList<ReceiptModality> Recorded, IReadOnlyList<ReceiptAnswer> Answers, string DecidedBy, string? Contact);

/// <param name="Reason">Why not; null where it was. English.</param>
internal sealed record ReceiptModality(string Modality, bool Recorded, string? Reason);

/// <param name="Text">Of the question, in the receipt's language.</param>
/// <param name="Attempts">Takes given; the last one counts.</param>
/// <param name="Seconds">Length of the last take; null where there is none.</param>
/// <param name="WrittenCharacters">Of the written answer; null where there is none.</param>
internal sealed record ReceiptAnswer(string StageId, string QuestionId, string Mode, string Text, bool Answered, int Attempts, double? Seconds, int? WrittenCharacters);
