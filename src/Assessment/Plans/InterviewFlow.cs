using MediaScore.Timeline;

namespace MediaScore.Assessment.Plans;

/// <summary>
/// The order of one interview as a state machine: media time and events in, observations to append out. No clock, no I/O; the same events give the same
/// observations, so it is rebuilt from a recovered timeline (<see cref="Restore"/>). Not thread-safe; its interview's conductor owns it.
/// </summary>
public sealed class InterviewFlow(InterviewPlan plan)
{
    /// <summary>Longest written answer, characters: the wire's limit.</summary>
    public const int MaxWrittenCharacters = 20_000;

    public InterviewPlan Plan { get; } = plan;

    /// <summary>A flow that has seen the stage records and written answers of <paramref name="timeline"/>.</summary>
    public static InterviewFlow Restore(InterviewPlan plan, IEnumerable<Observation> timeline) => throw new NotSupportedException("The flow lands with the next change.");

    public FlowPosition Position(MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");

    /// <summary>A question's answer begins. Ends an open answer to an earlier question first (<see cref="StageEndReason.NextStage"/>).</summary>
    public FlowOutcome Begin(string stageId, string questionId, int attempt, MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");

    /// <summary>The open answer ends.</summary>
    public FlowOutcome End(string stageId, string questionId, int attempt, MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");

    /// <summary>An answer in writing; begins and ends its question by itself where it was not begun.</summary>
    public FlowOutcome AcceptWrittenAnswer(string stageId, string questionId, int attempt, string text, MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");

    /// <summary>Time passed: ends an answer whose time limit ran out, at the limit.</summary>
    public FlowOutcome Tick(MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");

    /// <summary>No more media. Ends the open answer; asking it twice changes nothing.</summary>
    public FlowOutcome Finish(InterviewEndReason reason, MediaTime now) => throw new NotSupportedException("The flow lands with the next change.");
}
