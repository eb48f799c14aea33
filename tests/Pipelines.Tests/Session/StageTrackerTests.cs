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
    public void An_outage_does_not_eat_the_time_of_a_spoken_answer()
    {
        var tracker = new StageTracker(TestSettings.Create(timeLimit: TimeSpan.FromSeconds(90)));
        tracker.Hear(MediaTime.Zero);
        _ = tracker.Begin(MediaTime.Zero, "stage-1", "q1", 1).ToList();
        Hear(tracker, 0, 60);

        // The pictures go on without the sound, and then everything is back.
        tracker.Advance(MediaTime.FromSeconds(95)).ShouldBeNull();
        Hear(tracker, 100, 129);
        tracker.Advance(MediaTime.FromSeconds(129)).ShouldBeNull();
        Hear(tracker, 129, 131);

        tracker.Advance(MediaTime.FromSeconds(131)).ShouldNotBeNull().Range.ShouldBe(MediaRange.At(MediaTime.FromSeconds(130)));
    }

    [Fact]
    public void The_time_of_a_written_answer_runs_on_where_the_sound_is_missing()
    {
        var settings = TestSettings.Create(timeLimit: TimeSpan.FromSeconds(90));
        var tracker = new StageTracker(settings with { Questions = [.. settings.Questions.Select(q => q with { Written = true })] });
        tracker.Hear(MediaTime.Zero);
        _ = tracker.Begin(MediaTime.Zero, "stage-1", "q1", 1).ToList();

        tracker.Advance(MediaTime.FromSeconds(95)).ShouldNotBeNull().Range.ShouldBe(MediaRange.At(MediaTime.FromSeconds(90)));
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

    private static void Hear(StageTracker tracker, int fromSeconds, int toSeconds)
    {
        for (var ms = fromSeconds * 1000L; ms <= toSeconds * 1000L; ms += 20)
            tracker.Hear(MediaTime.FromMilliseconds(ms));
    }
}
