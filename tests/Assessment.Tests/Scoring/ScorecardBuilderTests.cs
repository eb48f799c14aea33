using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Scoring;
using MediaScore.Assessment.Tests.Plans;

namespace MediaScore.Assessment.Tests.Scoring;

public sealed class ScorecardBuilderTests
{
    private static readonly InterviewPlan Plan = PlanParser.Parse(File.ReadAllText(Path.Combine(SamplePlans.Folder, "support-engineer.yaml"))).Plan!;

    [Fact]
    public void A_competency_is_the_mean_of_its_answers_by_question_weight()
    {
        // Troubleshooting: weight 2 in the first question, 1 in the second.
        var card = ScorecardBuilder.Build(Plan, "test", [Rated("hardest-incident", "troubleshooting", 4), Rated("slow-after-update", "troubleshooting", 2.5)]);

        card.Competencies[0].Rating.ShouldBe(3.5);
        card.Competencies[0].Coverage.ShouldBe(1);
    }

    [Fact]
    public void What_was_not_assessed_lowers_coverage_and_no_rating()
    {
        var card = ScorecardBuilder.Build(
            Plan, "test",
            [
                Rated("hardest-incident", "troubleshooting", 4), Missing("hardest-incident", "learning"), Missing("slow-after-update", "troubleshooting"),
                Missing("slow-after-update", "customer-care"), Missing("delay-mail", "customer-care"),
            ]);

        card.Overall.Rating.ShouldBe(4);
        // Troubleshooting has half of the plan's weight (2 of 4), and two thirds of it were assessed.
        card.Overall.Coverage.ShouldBe(0.34);
        card.Competencies[0].AssessedQuestionCount.ShouldBe(1);
        card.Competencies[0].QuestionCount.ShouldBe(2);
        card.Competencies[1].Rating.ShouldBeNull();
    }

    [Fact]
    public void Nothing_assessed_is_no_rating_at_all() =>
        ScorecardBuilder.Build(Plan, "test", [Missing("hardest-incident", "troubleshooting")]).Overall.ShouldBe(new OverallScore(null, 0, 0));

    [Fact]
    public void The_whole_weighs_competencies_as_the_plan_says()
    {
        // Weights 2 (troubleshooting), 1 (customer care), 1 (learning).
        var card = ScorecardBuilder.Build(
            Plan, "test", [Rated("hardest-incident", "troubleshooting", 5), Rated("slow-after-update", "customer-care", 2), Rated("hardest-incident", "learning", 2)]);

        card.Overall.Rating.ShouldBe(3.5);
    }

    private static CompetencyRating Rated(string question, string competency, double rating) => new(question, competency, rating, null, "", 0.5, [], [], [], []);

    private static CompetencyRating Missing(string question, string competency) =>
        new(question, competency, null, NotAssessedReason.NoSpeech, "no speech was heard", 0, [], [], [], []);
}
