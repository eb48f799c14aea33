using MediaScore.Timeline;

namespace MediaScore.Assessment.Plans;

/// <summary>
/// The order of one interview as a state machine: media time and events in, observations to append out. No clock, no I/O. State changes only by the observations
/// it hands out, so it is rebuilt from a recovered timeline (<see cref="Restore"/>). Not thread-safe; its interview's conductor owns it.
/// </summary>
/// <remarks>
/// Questions are answered in the plan's order. One may be left out (it is then "not answered"), none may be gone back to. A new take of the same question is
/// allowed until a later one has begun. The time limit of a spoken answer does not run where the sound is missing; a written one's does, since nobody needs a connection to write.
/// </remarks>
/// <param name="deadline">When an answer runs out; null: its limit after its start.</param>
public sealed class InterviewFlow(InterviewPlan plan, AnswerDeadline? deadline = null)
{
    /// <summary>Longest written answer, characters: the wire's limit.</summary>
    public const int MaxWrittenCharacters = 20_000;

    /// <summary>
    /// A written answer that comes this long after its time limit still counts: the page sends it at the limit, and sends it again while the network is away. An answer
    /// that is lost to the network would be a worse fault than one that took a minute more.
    /// </summary>
    public static readonly TimeSpan LateWrittenAnswer = TimeSpan.FromMinutes(1);

    private readonly AnswerDeadline _deadline = deadline ?? ((start, limit, _) => start + limit);
    private readonly (PlanStage Stage, PlanQuestion Question)[] _questions = [.. plan.Questions];
    private readonly Dictionary<string, int> _attempts = [];
    private readonly HashSet<(string QuestionId, int Attempt)> _written = [];
    private OpenAnswer? _open;
    private (OpenAnswer Answer, StageEndReason Reason)? _lastEnded;
    private int _questionIndex = -1;
    private bool _over;
    private MediaTime _lastEvent;

    public InterviewPlan Plan { get; } = plan;

    /// <summary>Takes begun so far, by question; one that has none is not listed.</summary>
    public IReadOnlyDictionary<string, int> Attempts => _attempts;

    /// <summary>This take has its written answer.</summary>
    public bool HasWritten(string questionId, int attempt) => _written.Contains((questionId, attempt));

    /// <summary>A flow that has seen the stage records and written answers of <paramref name="timeline"/>, which is in the order of the log.</summary>
    public static InterviewFlow Restore(InterviewPlan plan, IEnumerable<Observation> timeline)
    {
        var flow = new InterviewFlow(plan);
        foreach (var observation in timeline)
            flow.Apply(observation);
        return flow;
    }

    /// <summary>Where the interview stands at <paramref name="now"/>, changing nothing: an answer whose time is up by then has ended.</summary>
    public FlowPosition Position(MediaTime now)
    {
        var runsOut = _open is null ? now : DeadlineOf(_open, now);
        var open = now < runsOut ? _open : null;
        var next = _over ? -1 : open is null ? _questionIndex + 1 : _questionIndex;
        var following = next >= 0 && next < _questions.Length ? _questions[next] : default;
        return new FlowPosition(open, following.Stage?.Id, following.Question?.Id, open is null ? TimeSpan.Zero : runsOut - now, _over);
    }

    /// <summary>A question's answer begins. Ends an answer that is still open first.</summary>
    public FlowOutcome Begin(string stageId, string questionId, int attempt, MediaTime now)
    {
        var effects = new List<Observation>();
        return Enter(now, effects) ?? MayBegin(stageId, questionId, attempt, effects, out var question) ?? Start(stageId, question!, attempt, now, effects);
    }

    /// <summary>The open answer ends. Accepted also just after its time limit ended it.</summary>
    public FlowOutcome End(string stageId, string questionId, int attempt, MediaTime now)
    {
        var effects = new List<Observation>();
        if (Enter(now, effects) is { } refused)
            return refused;
        if (_open is null)
        {
            return _lastEnded is { Reason: StageEndReason.TimeLimit } ended && Is(ended.Answer, stageId, questionId, attempt)
                ? Accept(effects)
                : Refuse(FlowRefusal.NoOpenAnswer, $"No answer is open, so '{questionId}' cannot end. Begin it first.", effects);
        }

        if (!Is(_open, stageId, questionId, attempt))
            return Refuse(FlowRefusal.NotTheOpenAnswer, $"The open answer is '{_open.QuestionId}', take {_open.Attempt}; '{questionId}', take {attempt}, cannot end.", effects);
        EndOpen(StageEndReason.Answered, now, effects);
        return Accept(effects);
    }

    /// <summary>An answer in writing; begins its question by itself where it was not begun, and ends it.</summary>
    public FlowOutcome AcceptWrittenAnswer(string stageId, string questionId, int attempt, string text, MediaTime now)
    {
        var effects = new List<Observation>();
        if (Enter(now, effects) is { } refused)
            return refused;
        if (FindQuestion(stageId, questionId, effects, out var index) is { } unknown)
            return unknown;
        if (_questions[index].Stage.Mode != AnswerMode.Text)
            return Refuse(FlowRefusal.WrongMode, $"Stage '{stageId}' is answered by {Word(_questions[index].Stage.Mode)}, not in writing.", effects);
        if (string.IsNullOrWhiteSpace(text))
            return Refuse(FlowRefusal.EmptyAnswer, "The answer has no text.", effects);
        if (text.Length > MaxWrittenCharacters)
            return Refuse(FlowRefusal.AnswerTooLong, $"The answer has {text.Length} characters; at most {MaxWrittenCharacters} are allowed.", effects);

        var late = _open is null && _lastEnded is { Reason: StageEndReason.TimeLimit } ended && Is(ended.Answer, stageId, questionId, attempt)
            && now <= _deadline(ended.Answer.Start, ended.Answer.Deadline - ended.Answer.Start, now) + LateWrittenAnswer && !_written.Contains((questionId, attempt));
        if (!late && (_open is null || !Is(_open, stageId, questionId, attempt)))
        {
            if (MayBegin(stageId, questionId, attempt, effects, out var question) is { } mayNot)
                return mayNot;
            Start(stageId, question!, attempt, now, effects);
        }

        Add(new WrittenAnswer(MediaRange.At(now), stageId, questionId, attempt, text), effects);
        if (!late)
            EndOpen(StageEndReason.Answered, now, effects);
        return Accept(effects);
    }

    /// <summary>Time passed: ends an answer whose time limit ran out, at the limit.</summary>
    public FlowOutcome Tick(MediaTime now)
    {
        var effects = new List<Observation>();
        EndAtLimit(now, effects);
        return Accept(effects);
    }

    /// <summary>No more media. Ends the open answer; asking it twice changes nothing.</summary>
    public FlowOutcome Finish(InterviewEndReason reason, MediaTime now)
    {
        var effects = new List<Observation>();
        if (_over)
            return Accept(effects);
        now = MediaTime.Max(now, _lastEvent);
        EndAtLimit(now, effects);
        EndOpen(StageEndReason.InterviewEnded, now, effects);
        Add(new InterviewEnded(MediaRange.At(now), reason), effects);
        return Accept(effects);
    }

    private FlowOutcome? Enter(MediaTime now, List<Observation> effects)
    {
        if (_over)
            return Refuse(FlowRefusal.InterviewOver, "The interview is over.", effects);
        if (now < _lastEvent)
            return Refuse(FlowRefusal.ClockRanBackwards, $"This event is at {now}, the one before at {_lastEvent}. Media time may not run backwards.", effects);
        EndAtLimit(now, effects);
        return null;
    }

    private FlowOutcome? FindQuestion(string stageId, string questionId, List<Observation> effects, out int index)
    {
        index = Array.FindIndex(_questions, q => q.Stage.Id == stageId && q.Question.Id == questionId);
        if (index >= 0)
            return null;
        var stage = Plan.FindStage(stageId);
        return stage is null
            ? Refuse(FlowRefusal.UnknownStage, $"The plan has no stage '{stageId}'. Its stages: {string.Join(", ", Plan.Stages.Select(s => s.Id))}.", effects)
            : Refuse(FlowRefusal.UnknownQuestion, $"Stage '{stageId}' has no question '{questionId}'. Its questions: {string.Join(", ", stage.Questions.Select(q => q.Id))}.", effects);
    }

    private FlowOutcome? MayBegin(string stageId, string questionId, int attempt, List<Observation> effects, out PlanQuestion? question)
    {
        question = null;
        if (FindQuestion(stageId, questionId, effects, out var index) is { } unknown)
            return unknown;
        question = _questions[index].Question;
        if (index < _questionIndex)
            return Refuse(FlowRefusal.WrongOrder, $"'{questionId}' comes before '{_questions[_questionIndex].Question.Id}', which has begun. No question can be gone back to.", effects);
        if (_open is not null && Is(_open, stageId, questionId, attempt))
            return Refuse(FlowRefusal.AnswerAlreadyOpen, $"Take {attempt} of '{questionId}' is open already.", effects);
        var used = _attempts.GetValueOrDefault(questionId);
        if (used > question.Rerecords)
            return Refuse(FlowRefusal.NoAttemptsLeft, $"'{questionId}' was answered {used} times; the plan allows {question.Rerecords + 1}.", effects);
        return attempt == used + 1 ? null : Refuse(FlowRefusal.AttemptOutOfOrder, $"The next take of '{questionId}' is {used + 1}, not {attempt}.", effects);
    }

    private FlowOutcome Start(string stageId, PlanQuestion question, int attempt, MediaTime now, List<Observation> effects)
    {
        EndOpen(_open?.QuestionId == question.Id ? StageEndReason.Abandoned : StageEndReason.NextStage, now, effects);
        Add(new StageStarted(MediaRange.At(now), stageId, question.Id, attempt), effects);
        return Accept(effects);
    }

    private MediaTime DeadlineOf(OpenAnswer answer, MediaTime now) => Plan.FindStage(answer.StageId)?.Mode is AnswerMode.Text
        ? answer.Deadline
        : _deadline(answer.Start, answer.Deadline - answer.Start, now);

    private void EndAtLimit(MediaTime now, List<Observation> effects)
    {
        if (_open is not null && DeadlineOf(_open, now) is var runsOut && now >= runsOut)
            EndOpen(StageEndReason.TimeLimit, runsOut, effects);
    }

    private void EndOpen(StageEndReason reason, MediaTime at, List<Observation> effects)
    {
        if (_open is not null)
            Add(new StageEnded(MediaRange.At(at), _open.StageId, _open.QuestionId, _open.Attempt, reason), effects);
    }

    private void Add(Observation observation, List<Observation> effects)
    {
        effects.Add(observation);
        Apply(observation);
    }

    private void Apply(Observation observation)
    {
        switch (observation)
        {
            case StageStarted started when Array.FindIndex(_questions, q => q.Question.Id == started.QuestionId) is >= 0 and var index:
                _questionIndex = Math.Max(_questionIndex, index);
                _attempts[started.QuestionId] = Math.Max(_attempts.GetValueOrDefault(started.QuestionId), started.Attempt);
                var start = started.Range.Start;
                _open = new OpenAnswer(started.StageId, started.QuestionId, started.Attempt, start, start + _questions[index].Question.TimeLimit);
                break;
            case StageEnded ended when _open is not null && Is(_open, ended.StageId, ended.QuestionId, ended.Attempt):
                _lastEnded = (_open, ended.Reason);
                _open = null;
                break;
            case WrittenAnswer written:
                _written.Add((written.QuestionId, written.Attempt));
                break;
            case InterviewEnded:
                _over = true;
                _open = null;
                break;
            default:
                return;
        }

        _lastEvent = MediaTime.Max(_lastEvent, observation.Range.Start);
    }

    private static bool Is(OpenAnswer answer, string stageId, string questionId, int attempt) =>
        answer.StageId == stageId && answer.QuestionId == questionId && answer.Attempt == attempt;

    private static string Word(AnswerMode mode) => mode switch
    {
        AnswerMode.Video => "video",
        AnswerMode.Voice => "voice",
        _ => "text",
    };

    private static FlowOutcome Accept(List<Observation> effects) => new(FlowRefusal.None, "", effects);

    private static FlowOutcome Refuse(FlowRefusal refusal, string message, List<Observation> effects) => new(refusal, message, effects);
}
