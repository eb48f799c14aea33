namespace MediaScore.Assessment.Scoring;

/// <summary>All ratings of one interview.</summary>
/// <param name="RaterId">Which rater made them.</param>
/// <param name="Ratings">One for every question and competency of the plan, in playing order.</param>
/// <param name="Competencies">In the plan's order.</param>
public sealed record Scorecard(string RaterId, IReadOnlyList<CompetencyRating> Ratings, IReadOnlyList<CompetencyScore> Competencies, OverallScore Overall);

/// <summary>One competency over all questions that show it.</summary>
/// <param name="Rating">Mean of the assessed ratings, by question weight; null where none was.</param>
/// <param name="Coverage">Assessed share of its questions by weight, 0 to 1.</param>
/// <param name="AssessedQuestionCount">Of <paramref name="QuestionCount"/>.</param>
public sealed record CompetencyScore(string CompetencyId, double Weight, double? Rating, double Confidence, double Coverage, int AssessedQuestionCount, int QuestionCount);

/// <summary>The whole interview.</summary>
/// <param name="Rating">Mean of the assessed competencies, by weight; null where none was.</param>
/// <param name="Coverage">Share of the plan's weight that was assessed, 0 to 1: a rating over half a plan says so.</param>
public sealed record OverallScore(double? Rating, double Confidence, double Coverage);
