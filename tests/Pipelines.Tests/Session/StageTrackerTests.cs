using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

public sealed class StageTrackerTests
{
    private static readonly MediaTime Second = MediaTime.FromSeconds(1);

    [Fact]
    public void An_answer_ends_at_its_limit_and_not_at_the_packet_that_shows_it()
    {
        var tracker = new StageTracker(TestSettings.Create(timeLimit: TimeSpan.FromSeconds(90)));
        _ = tracker.Begin(Second, "stage-1", "q1", 1).ToList();

        tracker.Advance(MediaTime.FromSeconds(90.9)).ShouldBeNull();
        var ended = tracker.Advance(MediaTime.FromSeconds(97)).ShouldNotBeNull();

        ended.Reason.ShouldBe(StageEndReason.TimeLimit);
        ended.Range.ShouldBe(MediaRange.At(MediaTime.FromSeconds(91)));
        tracker.IsActive.ShouldBeFalse();
    }

    [Fact]
    public void The_next_question_ends_the_one_before()
    {
        var tracker = new StageTracker(TestSettings.Create());
        _ = tracker.Begin(MediaTime.Zero, "stage-1", "q1", 1).ToList();

        var observations = tracker.Begin(MediaTime.FromSeconds(20), "stage-2", "q2", 1).ToList();

        observations[0].ShouldBeOfType<StageEnded>().Reason.ShouldBe(StageEndReason.NextStage);
        observations[1].ShouldBeOfType<StageStarted>().QuestionId.ShouldBe("q2");
    }

    [Fact]
    public void A_second_take_says_that_the_first_was_recorded_again()
    {
        var tracker = new StageTracker(TestSettings.Create());
        _ = tracker.Begin(MediaTime.Zero, "stage-1", "q1", 1).ToList();

        var observations = tracker.Begin(MediaTime.FromSeconds(20), "stage-1", "q1", 2).ToList();

        observations[0].ShouldBeOfType<StageEnded>().Reason.ShouldBe(StageEndReason.Recorded);
    }

    [Fact]
    public void An_end_marker_for_another_question_ends_nothing()
    {
        var tracker = new StageTracker(TestSettings.Create());
        _ = tracker.Begin(MediaTime.Zero, "stage-1", "q1", 1).ToList();

        tracker.End(Second, StageEndReason.Answered, "q2").ShouldBeNull();

        tracker.IsActive.ShouldBeTrue();
    }

    [Fact]
    public void A_question_that_the_plan_does_not_have_begins_nothing()
    {
        var tracker = new StageTracker(TestSettings.Create());

        tracker.Begin(MediaTime.Zero, "stage-1", "q9", 1).ShouldBeEmpty();

        tracker.IsActive.ShouldBeFalse();
    }
}
