using MediaScore.Timeline;

namespace MediaScore.Assessment.Plans;

/// <summary>Why <see cref="InterviewFlow"/> refused an event.</summary>
public enum FlowRefusal
{
    None, UnknownStage, UnknownQuestion, WrongOrder, AnswerAlreadyOpen, NoOpenAnswer, NotTheOpenAnswer, NoAttemptsLeft, AttemptOutOfOrder, WrongMode, EmptyAnswer,
    AnswerTooLong, ClockRanBackwards, InterviewOver,
}

/// <summary>Answer to one event: what to append to the timeline, or why nothing changed.</summary>
/// <param name="Refusal"><see cref="FlowRefusal.None"/> when accepted.</param>
/// <param name="Message">What is wrong and what is allowed now; empty when accepted.</param>
/// <param name="Observations">To append, in order. Also a refused event may carry some: those of a time limit that had run out before it.</param>
public sealed record FlowOutcome(FlowRefusal Refusal, string Message, IReadOnlyList<Observation> Observations)
{
    public bool Accepted => Refusal == FlowRefusal.None;
}

/// <summary>Where an interview stands.</summary>
/// <param name="Active">The answer that is being given; null between answers.</param>
/// <param name="NextStageId">Stage of the question to be asked next; null when none is left.</param>
/// <param name="TimeLeft">Of the active answer; zero without one.</param>
public sealed record FlowPosition(OpenAnswer? Active, string? NextStageId, string? NextQuestionId, TimeSpan TimeLeft, bool Over);

/// <summary>When an answer runs out that began at <paramref name="start"/>, as far as can be said at <paramref name="now"/>.</summary>
public delegate MediaTime AnswerDeadline(MediaTime start, TimeSpan limit, MediaTime now);

/// <summary>The answer that is being given.</summary>
/// <param name="Deadline">Its time limit after its start; where sound was missing meanwhile, a spoken answer has longer.</param>
public sealed record OpenAnswer(string StageId, string QuestionId, int Attempt, MediaTime Start, MediaTime Deadline);
