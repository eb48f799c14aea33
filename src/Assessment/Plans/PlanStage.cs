namespace MediaScore.Assessment.Plans;

/// <summary>How a stage is answered.</summary>
public enum AnswerMode { Video, Voice, Text }

/// <summary>Questions answered in one way, one after the other.</summary>
/// <param name="Next">The stage after this one; null at the end.</param>
public sealed record PlanStage(string Id, LocalizedText Title, AnswerMode Mode, string? Next, IReadOnlyList<PlanQuestion> Questions);

/// <summary>One question.</summary>
/// <param name="Text">As the candidate reads it.</param>
/// <param name="TimeLimit">Longest answer, 10 s to 60 min; an answer is ended there, not refused.</param>
/// <param name="Rerecords">How often the answer may be given again, 0 to 5; the last one counts.</param>
/// <param name="Competencies">What the answer is rated on, at least one.</param>
public sealed record PlanQuestion(string Id, LocalizedText Text, TimeSpan TimeLimit, int Rerecords, IReadOnlyList<QuestionCompetency> Competencies);

/// <summary>A competency that a question shows.</summary>
/// <param name="Weight">Relative to the other questions that show the same competency, above 0 to 100.</param>
public sealed record QuestionCompetency(string CompetencyId, double Weight);
