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
        if (sequence < _next)
            return null;
        var at = Clock(mediaTimeUs);
        var outcome = begins ? _flow.Begin(stageId, questionId, attempt, at) : _flow.End(stageId, questionId, attempt, at);
        // An end that comes after another answer's begin, or twice, changes nothing and harms nobody.
        return outcome.Accepted || outcome.Refusal is FlowRefusal.NoOpenAnswer or FlowRefusal.NotTheOpenAnswer ? Pass(sequence, at) : outcome.Message;
    }

    public string? CheckWritten(ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, string text)
    {
        if (sequence < _next)
            return null;
        var at = Clock(mediaTimeUs);
        var outcome = _flow.AcceptWrittenAnswer(stageId, questionId, attempt, text, at);
        return outcome.Accepted ? Pass(sequence, at) : outcome.Message;
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
