using MediaScore.Assessment.Plans;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// Lets through what the plan's flow allows, before the session records it. Messages that were seen already pass: the session drops them by number. Thread-safe; whoever
/// needs judgement and recording in one order holds <see cref="LiveInterview.ControlTurn"/>.
/// </summary>
internal sealed class ControlGate
{
    private readonly Lock _lock = new();
    private readonly InterviewFlow _flow;
    private ulong _next;
    private MediaTime _latest;

    /// <param name="history">What the session has recorded, earlier processes' first.</param>
    /// <param name="next">The first control number that the session has not recorded.</param>
    /// <param name="deadline">When a spoken answer runs out, as the session's sound says.</param>
    public ControlGate(InterviewPlan plan, IReadOnlyList<ControlEvent> history, ulong next, AnswerDeadline deadline)
    {
        _flow = new InterviewFlow(plan, deadline);
        _next = next;
        foreach (var e in history)
        {
            _latest = MediaTime.Max(_latest, e.Time);
            if (e.Text is { } text)
                _flow.AcceptWrittenAnswer(e.StageId, e.QuestionId, e.Attempt, text, _latest);
            else if (e.Begins)
                _flow.Begin(e.StageId, e.QuestionId, e.Attempt, _latest);
            else
                _flow.End(e.StageId, e.QuestionId, e.Attempt, _latest);
        }
    }

    /// <returns>Null where the marker may pass, else what is wrong with it.</returns>
    public string? Check(ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, bool begins)
    {
        lock (_lock)
        {
            if (sequence < _next)
                return null;
            var at = Clock(mediaTimeUs);
            return Judge(at, stageId, questionId, attempt, begins) ?? Pass(sequence, at);
        }
    }

    /// <summary>The same for a marker without a number, said by the candidate's page, where a second click says what the first one said.</summary>
    public GateAnswer Check(MediaTime at, string stageId, string questionId, int attempt, bool begins)
    {
        lock (_lock)
        {
            at = Clock(at.Microseconds);
            var outcome = begins ? _flow.Begin(stageId, questionId, attempt, at) : _flow.End(stageId, questionId, attempt, at);
            // The limit has ended it already, and every end after that one changes nothing.
            if (!begins && outcome.Accepted && !outcome.Observations.OfType<StageEnded>().Any())
                return new GateAnswer(Record: false, at);
            var said = begins
                ? outcome.Refusal is FlowRefusal.AnswerAlreadyOpen
                : outcome.Refusal is FlowRefusal.NoOpenAnswer or FlowRefusal.NotTheOpenAnswer && _flow.Attempts.GetValueOrDefault(questionId) >= attempt;
            return Settle(at, outcome, said);
        }
    }

    public string? CheckWritten(ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, string text)
    {
        lock (_lock)
        {
            if (sequence < _next)
                return null;
            var at = Clock(mediaTimeUs);
            return JudgeWritten(at, stageId, questionId, attempt, text) ?? Pass(sequence, at);
        }
    }

    /// <summary>The same for a written answer without a number. Where it came before, the first text counts.</summary>
    public GateAnswer CheckWritten(MediaTime at, string stageId, string questionId, int attempt, string text)
    {
        lock (_lock)
        {
            at = Clock(at.Microseconds);
            if (_flow.HasWritten(questionId, attempt))
                return new GateAnswer(Record: false, at);
            return Settle(at, _flow.AcceptWrittenAnswer(stageId, questionId, attempt, text, at), said: false);
        }
    }

    /// <summary>What is open and what comes next. Changes nothing: whoever looks may be ahead of the client's clock.</summary>
    public (FlowPosition Position, IReadOnlyDictionary<string, int> Attempts) Position(MediaTime now)
    {
        lock (_lock)
        {
            now = Clock(now.Microseconds);
            return (_flow.Position(now), new Dictionary<string, int>(_flow.Attempts, StringComparer.Ordinal));
        }
    }

    private string? Judge(MediaTime at, string stageId, string questionId, int attempt, bool begins)
    {
        var outcome = begins ? _flow.Begin(stageId, questionId, attempt, at) : _flow.End(stageId, questionId, attempt, at);
        // An end that comes after another answer's begin, or twice, changes nothing and harms nobody.
        return Settle(at, outcome.Accepted || outcome.Refusal is FlowRefusal.NoOpenAnswer or FlowRefusal.NotTheOpenAnswer ? null : outcome.Message);
    }

    private string? JudgeWritten(MediaTime at, string stageId, string questionId, int attempt, string text)
    {
        var outcome = _flow.AcceptWrittenAnswer(stageId, questionId, attempt, text, at);
        return Settle(at, outcome.Accepted ? null : outcome.Message);
    }

    private string? Settle(MediaTime at, string? refusal)
    {
        if (refusal is null)
            _latest = at;
        return refusal;
    }

    private GateAnswer Settle(MediaTime at, FlowOutcome outcome, bool said)
    {
        if (!outcome.Accepted)
            return said ? new GateAnswer(Record: false, at) : new GateAnswer(Record: false, at, outcome.Refusal, outcome.Message);
        _latest = at;
        return new GateAnswer(Record: true, at);
    }

    // The client's clock may jump; the flow's does not run backwards.
    private MediaTime Clock(long mediaTimeUs) => MediaTime.Max(_latest, new MediaTime(Math.Max(0, mediaTimeUs)));

    // Only what passes uses its number up: a refused message that comes again under the same number was never recorded, and is judged again.
    private string? Pass(ulong sequence, MediaTime at)
    {
        (_next, _latest) = (sequence + 1, at);
        return null;
    }
}

/// <summary>What to do with a marker or a written answer of the candidate's page.</summary>
/// <param name="Record">False also where it was said before and is done already.</param>
/// <param name="At">Where it lies on the interview's clock.</param>
/// <param name="Refusal">Why the flow does not allow it.</param>
internal readonly record struct GateAnswer(bool Record, MediaTime At, FlowRefusal Refusal = FlowRefusal.None, string Message = "");
