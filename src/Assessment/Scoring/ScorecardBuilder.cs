using MediaScore.Assessment.Plans;

namespace MediaScore.Assessment.Scoring;

/// <summary>Adds the ratings of single answers up to competencies and the whole. What was not assessed is left out, never counted as low.</summary>
public static class ScorecardBuilder
{
    /// <param name="ratings">One for every question and competency of the plan.</param>
    public static Scorecard Build(InterviewPlan plan, string raterId, IReadOnlyList<CompetencyRating> ratings)
    {
        var weights = plan.Questions.SelectMany(q => q.Question.Competencies.Select(c => ((q.Question.Id, c.CompetencyId), c.Weight))).ToDictionary();
        var scores = plan.Competencies.Select(competency => Score(competency, [.. ratings.Where(r => r.CompetencyId == competency.Id)], weights)).ToList();
        var assessed = scores.Where(s => s.Rating is not null).ToList();
        var weight = assessed.Sum(s => s.Weight);
        var overall = weight <= 0
            ? new OverallScore(null, 0, 0)
            : new OverallScore(
                Tenth(assessed.Sum(s => s.Rating!.Value * s.Weight) / weight), Math.Round(assessed.Sum(s => s.Confidence * s.Weight) / weight, 2),
                Math.Round(assessed.Sum(s => s.Weight * s.Coverage) / scores.Sum(s => s.Weight), 2));
        return new Scorecard(raterId, ratings, scores, overall);
    }

    private static CompetencyScore Score(Competency competency, List<CompetencyRating> ratings, Dictionary<(string, string), double> weights)
    {
        double Weight(CompetencyRating rating) => weights[(rating.QuestionId, rating.CompetencyId)];
        var assessed = ratings.Where(r => r.Rating is not null).ToList();
        if (assessed.Count == 0)
            return new CompetencyScore(competency.Id, competency.Weight, null, 0, 0, 0, ratings.Count);
        var weight = assessed.Sum(Weight);
        return new CompetencyScore(
            competency.Id, competency.Weight, Tenth(assessed.Sum(r => r.Rating!.Value * Weight(r)) / weight), Math.Round(assessed.Sum(r => r.Confidence * Weight(r)) / weight, 2),
            Math.Round(weight / ratings.Sum(Weight), 2), assessed.Count, ratings.Count);
    }

    private static double Tenth(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);
}
