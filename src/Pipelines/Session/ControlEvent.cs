using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>One accepted marker or written answer.</summary>
/// <param name="Text">Set for a written answer.</param>
public sealed record ControlEvent(MediaTime Time, string StageId, string QuestionId, int Attempt, bool Begins, string? Text = null);
