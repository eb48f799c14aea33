namespace MediaScore.Assessment.Scoring;

/// <summary>A first, honest rater: nearness to the plan's behavioural anchors and the structure of the answer.</summary>
public sealed class AnchorAndStructureRater : IAnswerRater
{
    public string Id => "anchor-and-structure/1";

    public CompetencyRating Rate(AnswerEvidence evidence) => throw new NotSupportedException("The rater lands with the next change.");
}
