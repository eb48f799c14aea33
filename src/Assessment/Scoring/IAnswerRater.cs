namespace MediaScore.Assessment.Scoring;

/// <summary>Rates one answer on one competency. Pure: the same evidence gives the same rating, without model, clock or I/O.</summary>
public interface IAnswerRater
{
    /// <summary>Name and version as the report shows them: <c>anchor-and-structure/2</c>. Changes with every change of a constant.</summary>
    string Id { get; }

    CompetencyRating Rate(AnswerEvidence evidence);
}
