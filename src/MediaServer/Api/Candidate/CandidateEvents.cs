namespace MediaScore.MediaServer.Api.Candidate;

// Data of the server-sent events of GET .../candidate/events, by the event's name (docs/formats/candidate-api.md).

/// <summary><c>safe</c>: everything up to here survives a power cut of the server.</summary>
internal sealed record SafeEvent(long Ms);

/// <summary><c>caption</c>: what was understood; times on the interview's clock.</summary>
internal sealed record CaptionEvent(long StartMs, long EndMs, string Text);

/// <summary><c>warning</c>: something that the candidate can mend now.</summary>
/// <param name="Kind"><c>too-quiet</c>, <c>no-face</c>, <c>packets-lost</c> and so on.</param>
internal sealed record WarningEvent(string Kind);

/// <summary><c>stage</c>: an answer began or ended, also by its time limit.</summary>
internal sealed record StageEvent(string StageId, string QuestionId, int Attempt, bool Active, double SecondsLeft);

/// <summary><c>connection</c>, each second while the browser's media come over WebRTC.</summary>
/// <param name="State"><c>none</c>, <c>new</c>, <c>connecting</c>, <c>connected</c>, <c>disconnected</c> or <c>closed</c>.</param>
/// <param name="LossPercent">Of the packets of the last second that never came, 0 to 100.</param>
/// <param name="RttMs">Null where it is not known.</param>
internal sealed record ConnectionEvent(string State, double LossPercent, double? RttMs, double JitterMs, double PacketsPerSecond);

/// <summary><c>finished</c>: the last event. <c>state</c> is <c>finished</c> or <c>failed</c>.</summary>
internal sealed record FinishedEvent(CandidatePhase State);
