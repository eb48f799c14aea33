using MediaScore.Assessment.Plans;

namespace MediaScore.Assessment.Tests.Plans;

public sealed class StoreManagerPlanTests
{
    [Fact]
    public void Three_stages_ask_for_the_named_competencies_in_the_named_way() =>
        SamplePlans.StoreManager.Questions.Select(q => (q.Stage.Mode, string.Join(" ", q.Question.Competencies.Select(c => c.CompetencyId)))).ShouldBe(
        [
            (AnswerMode.Video, "communication problem-solving"),
            (AnswerMode.Text, "cost-control traffic feasibility"),
            (AnswerMode.Voice, "leadership empathy"),
        ]);

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    [InlineData("zh-CN")]
    public void An_answer_is_compared_with_the_question_and_ten_texts_a_competency(string language)
    {
        var texts = SamplePlans.StoreManager.AnchorTexts("late-dish-response", language);

        texts[0].Level.ShouldBe(0);
        texts[0].CompetencyId.ShouldBeEmpty();
        texts.Skip(1).GroupBy(t => t.CompetencyId).Select(g => (g.Key, g.Count())).ShouldBe([("communication", 10), ("problem-solving", 10)]);
    }

    [Fact]
    public void A_language_that_the_plan_does_not_have_gives_nothing_to_compare_with() =>
        SamplePlans.StoreManager.AnchorTexts("late-dish-response", "fr").ShouldBeEmpty();
}
