using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// Which answer is being given, in media time: turns markers and the passing of media into <see cref="StageStarted"/> and <see cref="StageEnded"/>. Pure: the same
/// calls in the same order give the same answers, so a time limit ends an answer at the same microsecond in every replay. The limit of a spoken answer does not run
/// where the sound is missing.
/// </summary>
internal sealed class StageTracker(InterviewSettings settings)
{
    private readonly SoundHoles _sound = new();
    private QuestionSettings? _question;
    private int _attempt;
    private MediaTime _start;

    public bool IsActive => _question is not null;

    /// <summary>Start of the running answer; only valid while <see cref="IsActive"/>.</summary>
    public MediaTime Start => _start;

    /// <summary>Sound came for this time.</summary>
    public void Hear(MediaTime time) => _sound.Hear(time);

    /// <summary>When the running answer reaches its limit, as far as can be said now; null without an answer or a limit.</summary>
    public MediaTime? Deadline(MediaTime now) => _question switch
    {
        null or { TimeLimit.Ticks: <= 0 } => null,
        { Written: true } written => _start + written.TimeLimit,
        { } spoken => _sound.Deadline(_start, spoken.TimeLimit, now),
    };

    /// <summary>Ends the running answer when media has passed its limit.</summary>
    public StageEnded? Advance(MediaTime now) =>
        Deadline(now) is { } deadline && now >= deadline ? End(deadline, StageEndReason.TimeLimit) : null;

    /// <summary>A marker begins an answer; a running one ends there first.</summary>
    public IEnumerable<Observation> Begin(MediaTime at, string stageId, string questionId, int attempt)
    {
        if (settings.Find(stageId, questionId) is not { } question)
            yield break;
        if (_question is { } running)
        {
            var reason = running.QuestionId == questionId && attempt > _attempt ? StageEndReason.Recorded : StageEndReason.NextStage;
            yield return End(at, reason)!;
        }

        (_question, _attempt, _start) = (question, attempt, at);
        yield return new StageStarted(MediaRange.At(at), stageId, questionId, attempt);
    }

    /// <summary>Ends the running answer if it is the one named (or any, with null).</summary>
    public StageEnded? End(MediaTime at, StageEndReason reason, string? questionId = null)
    {
        if (_question is not { } question || (questionId is not null && questionId != question.QuestionId))
            return null;
        _question = null;
        return new StageEnded(MediaRange.At(MediaTime.Max(_start, at)), question.StageId, question.QuestionId, _attempt, reason);
    }
}
