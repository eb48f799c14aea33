using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Plans;

public sealed class InterviewFlowTests
{
    private static readonly InterviewPlan Plan = PlanParser.Parse(SmallPlan.Yaml).Plan!;

    private readonly InterviewFlow _flow = new(Plan);

    [Fact]
    public void An_answer_begins_and_ends()
    {
        _flow.Begin("first", "why", 1, At(1)).Observations.ShouldBe([new StageStarted(MediaRange.At(At(1)), "first", "why", 1)]);
        _flow.Position(At(11)).ShouldBe(new FlowPosition(new OpenAnswer("first", "why", 1, At(1), At(61)), "first", "why", TimeSpan.FromSeconds(50), false));

        _flow.End("first", "why", 1, At(20)).Observations.ShouldBe([new StageEnded(MediaRange.At(At(20)), "first", "why", 1, StageEndReason.Answered)]);

        _flow.Position(At(20)).ShouldBe(new FlowPosition(null, "second", "how", TimeSpan.Zero, false));
    }

    [Fact]
    public void A_time_limit_ends_the_answer_at_the_limit_whenever_it_is_noticed()
    {
        _flow.Begin("first", "why", 1, At(1));

        _flow.Tick(At(60.999)).Observations.ShouldBeEmpty();
        _flow.Tick(At(75)).Observations.ShouldBe([new StageEnded(MediaRange.At(At(61)), "first", "why", 1, StageEndReason.TimeLimit)]);
    }

    [Fact]
    public void Looking_at_the_position_changes_nothing()
    {
        _flow.Begin("first", "why", 1, At(1));

        _flow.Position(At(500)).ShouldBe(new FlowPosition(null, "second", "how", TimeSpan.Zero, false));

        // A client whose clock is behind whoever looked is still within its time.
        _flow.Position(At(11)).TimeLeft.ShouldBe(TimeSpan.FromSeconds(50));
        _flow.End("first", "why", 1, At(20)).Observations.ShouldBe([new StageEnded(MediaRange.At(At(20)), "first", "why", 1, StageEndReason.Answered)]);
    }

    [Fact]
    public void The_end_marker_after_a_time_limit_is_no_fault()
    {
        _flow.Begin("first", "why", 1, At(0));

        var outcome = _flow.End("first", "why", 1, At(62));

        outcome.Accepted.ShouldBeTrue();
        outcome.Observations.ShouldHaveSingleItem().ShouldBe(new StageEnded(MediaRange.At(At(60)), "first", "why", 1, StageEndReason.TimeLimit));
    }

    [Fact]
    public void Beginning_the_next_question_ends_the_open_answer()
    {
        _flow.Begin("first", "why", 1, At(0));

        _flow.Begin("second", "how", 1, At(5)).Observations.ShouldBe(
        [
            new StageEnded(MediaRange.At(At(5)), "first", "why", 1, StageEndReason.NextStage),
            new StageStarted(MediaRange.At(At(5)), "second", "how", 1),
        ]);
    }

    [Fact]
    public void A_new_take_abandons_the_open_one_and_the_allowance_is_kept()
    {
        _flow.Begin("first", "why", 1, At(0));
        _flow.Begin("first", "why", 2, At(5)).Observations[0].ShouldBe(new StageEnded(MediaRange.At(At(5)), "first", "why", 1, StageEndReason.Abandoned));
        _flow.End("first", "why", 2, At(9));

        var third = _flow.Begin("first", "why", 3, At(10));

        third.Refusal.ShouldBe(FlowRefusal.NoAttemptsLeft);
        third.Message.ShouldBe("'why' was answered 2 times; the plan allows 2.");
    }

    [Fact]
    public void A_written_answer_begins_and_ends_its_question()
    {
        _flow.AcceptWrittenAnswer("second", "how", 1, "So.", At(5)).Observations.ShouldBe(
        [
            new StageStarted(MediaRange.At(At(5)), "second", "how", 1),
            new WrittenAnswer(MediaRange.At(At(5)), "second", "how", 1, "So."),
            new StageEnded(MediaRange.At(At(5)), "second", "how", 1, StageEndReason.Answered),
        ]);
    }

    [Fact]
    public void A_written_answer_just_after_its_limit_counts_and_a_later_one_does_not()
    {
        _flow.Begin("second", "how", 1, At(0));
        _flow.Tick(At(121));

        _flow.AcceptWrittenAnswer("second", "how", 1, "Late.", At(180.5)).Refusal.ShouldBe(FlowRefusal.NoAttemptsLeft);
        var again = new InterviewFlow(Plan);
        again.Begin("second", "how", 1, At(0));

        again.AcceptWrittenAnswer("second", "how", 1, "In time.", At(124)).Observations.ShouldBe(
        [
            new StageEnded(MediaRange.At(At(120)), "second", "how", 1, StageEndReason.TimeLimit),
            new WrittenAnswer(MediaRange.At(At(124)), "second", "how", 1, "In time."),
        ]);
        again.AcceptWrittenAnswer("second", "how", 1, "Twice.", At(124.5)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public void Missing_sound_gives_a_spoken_answer_its_time_back_and_a_written_one_only_more_time_to_arrive()
    {
        // The sound is missing from 50 to 80.
        var flow = new InterviewFlow(Plan, (start, limit, now) => start + limit + (now > At(50) && start < At(50) + limit ? MediaTime.Min(now, At(80)) - At(50) : TimeSpan.Zero));
        flow.Begin("first", "why", 1, At(0));

        flow.Tick(At(75)).Observations.ShouldBeEmpty();
        flow.Position(At(80)).TimeLeft.ShouldBe(TimeSpan.FromSeconds(10));
        flow.Tick(At(95)).Observations.ShouldBe([new StageEnded(MediaRange.At(At(90)), "first", "why", 1, StageEndReason.TimeLimit)]);
        flow.Attempts.ShouldBe(new Dictionary<string, int> { ["why"] = 1 });

        var writing = new InterviewFlow(Plan, (start, limit, now) => start + limit + (MediaTime.Min(now, At(300)) - At(110)));
        writing.Begin("second", "how", 1, At(0));
        writing.Position(At(115)).TimeLeft.ShouldBe(TimeSpan.FromSeconds(5));
        // Away from 110 to 300: the limit is at 120, and the page could not send before 300.
        writing.AcceptWrittenAnswer("second", "how", 1, "So.", At(301)).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("nowhere", "why", 1, FlowRefusal.UnknownStage, "Its stages: first, second.")]
    [InlineData("first", "how", 1, FlowRefusal.UnknownQuestion, "Its questions: why.")]
    [InlineData("first", "why", 2, FlowRefusal.AttemptOutOfOrder, "The next take of 'why' is 1, not 2.")]
    [InlineData("first", "why", 0, FlowRefusal.AttemptOutOfOrder, "not 0")]
    public void A_begin_that_does_not_fit_is_refused_with_the_reason(string stage, string question, int attempt, FlowRefusal refusal, string message)
    {
        var outcome = _flow.Begin(stage, question, attempt, At(1));

        outcome.Refusal.ShouldBe(refusal);
        outcome.Message.ShouldContain(message);
        outcome.Observations.ShouldBeEmpty();
    }

    [Fact]
    public void No_question_can_be_gone_back_to()
    {
        _flow.AcceptWrittenAnswer("second", "how", 1, "So.", At(5));

        _flow.Begin("first", "why", 1, At(6)).Refusal.ShouldBe(FlowRefusal.WrongOrder);
    }

    [Fact]
    public void Refusals_of_open_and_written_answers_name_their_reason()
    {
        _flow.End("first", "why", 1, At(0)).Refusal.ShouldBe(FlowRefusal.NoOpenAnswer);
        _flow.AcceptWrittenAnswer("first", "why", 1, "text", At(0)).Refusal.ShouldBe(FlowRefusal.WrongMode);
        _flow.Begin("first", "why", 1, At(1)).Accepted.ShouldBeTrue();
        _flow.Begin("first", "why", 1, At(2)).Refusal.ShouldBe(FlowRefusal.AnswerAlreadyOpen);
        _flow.End("second", "how", 1, At(2)).Refusal.ShouldBe(FlowRefusal.NotTheOpenAnswer);
        _flow.Begin("second", "how", 1, At(0.5)).Refusal.ShouldBe(FlowRefusal.ClockRanBackwards);
        _flow.AcceptWrittenAnswer("second", "how", 1, " ", At(3)).Refusal.ShouldBe(FlowRefusal.EmptyAnswer);
        _flow.AcceptWrittenAnswer("second", "how", 1, new string('x', 20_001), At(3)).Refusal.ShouldBe(FlowRefusal.AnswerTooLong);
    }

    [Fact]
    public void The_end_of_the_interview_ends_the_open_answer_once()
    {
        _flow.Begin("first", "why", 1, At(0));

        _flow.Finish(InterviewEndReason.ClientEnded, At(9)).Observations.ShouldBe(
        [
            new StageEnded(MediaRange.At(At(9)), "first", "why", 1, StageEndReason.InterviewEnded),
            new InterviewEnded(MediaRange.At(At(9)), InterviewEndReason.ClientEnded),
        ]);
        _flow.Finish(InterviewEndReason.IdleTimeout, At(10)).Observations.ShouldBeEmpty();
        _flow.Begin("second", "how", 1, At(11)).Refusal.ShouldBe(FlowRefusal.InterviewOver);
        _flow.Position(At(11)).Over.ShouldBeTrue();
    }

    [Fact]
    public void A_flow_rebuilt_from_its_timeline_goes_on_as_if_nothing_had_happened()
    {
        // Every prefix of the events, so every state that a crash can leave.
        Func<InterviewFlow, FlowOutcome>[] events =
        [
            f => f.Begin("first", "why", 1, At(1)),
            f => f.Begin("first", "why", 2, At(5)),
            f => f.Tick(At(70)),
            f => f.End("first", "why", 2, At(71)),
            f => f.Begin("second", "how", 1, At(80)),
            f => f.AcceptWrittenAnswer("second", "how", 1, "So.", At(90)),
            f => f.Begin("second", "how", 2, At(95)),
            f => f.Finish(InterviewEndReason.PlanCompleted, At(100)),
        ];
        for (var crash = 0; crash <= events.Length; crash++)
        {
            var undisturbed = new InterviewFlow(Plan);
            var log = events[..crash].SelectMany(e => e(undisturbed).Observations).ToList();
            var rebuilt = InterviewFlow.Restore(Plan, log);

            foreach (var next in events[crash..])
                next(rebuilt).ShouldBeEquivalentTo(next(undisturbed), $"after {crash} events");
        }
    }

    private static MediaTime At(double seconds) => MediaTime.FromSeconds(seconds);
}
