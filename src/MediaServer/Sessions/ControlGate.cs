using MediaScore.Assessment.Plans;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// Lets through what the plan's flow allows, before the session records it. Messages that were seen already pass: the session drops them by number. One
/// connection's reader calls at a time.
/// </summary>
internal sealed class ControlGate
{
    private readonly InterviewFlow _flow;
    private ulong _next;
    private MediaTime _latest;

    /// <param name="history">What the session has recorded, earlier processes' first.</param>
    /// <param name="next">The first control number that the session has not recorded.</param>
    public ControlGate(InterviewPlan plan, IReadOnlyList<ControlEvent> history, ulong next)
    {
        _flow = new InterviewFlow(plan);
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
        if (!Advance(sequence, mediaTimeUs))
            return null;
        var outcome = begins ? _flow.Begin(stageId, questionId, attempt, _latest) : _flow.End(stageId, questionId, attempt, _latest);
        // An end that comes after another answer's begin, or twice, changes nothing and harms nobody.
        return outcome.Accepted || outcome.Refusal is FlowRefusal.NoOpenAnswer or FlowRefusal.NotTheOpenAnswer ? null : outcome.Message;
    }

    public string? CheckWritten(ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, string text)
    {
        if (!Advance(sequence, mediaTimeUs))
            return null;
        var outcome = _flow.AcceptWrittenAnswer(stageId, questionId, attempt, text, _latest);
        return outcome.Accepted ? null : outcome.Message;
    }

    private bool Advance(ulong sequence, long mediaTimeUs)
    {
        if (sequence < _next)
            return false;
        _next = sequence + 1;
        // The client's clock may jump; the flow's does not run backwards.
        _latest = MediaTime.Max(_latest, new MediaTime(Math.Max(0, mediaTimeUs)));
        return true;
    }
}
