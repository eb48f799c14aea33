using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

// What is durable in the timeline becomes visible: to the observations kept for the report, and to the connection.
public sealed partial class InterviewSession
{
    private IReadOnlyList<ResumePosition> _durablePositions = [];

    private async Task StateBeginningAsync(CancellationToken cancellationToken)
    {
        _durablePositions = Positions();
        if (_timeline.Recovered.Any(e => e.Observation is InterviewStarted))
            return;
        await _timeline.AppendAsync(new InterviewStarted(
            MediaRange.At(MediaTime.Zero), Settings.Language, Settings.Permitted, Settings.PlanId, Settings.PlanSha256, Settings.PolicyProfile));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void OnDurable(TimelineEntry entry)
    {
        lock (_observations)
            _observations.Add(entry.Observation);
        SessionEvent? told = entry.Observation switch
        {
            // Once an utterance: who shows captions one below the other would have every sentence twice, in other words.
            UtteranceTranscript { Text.Length: > 0, Refined: false } t => new CaptionHeard(t.Range, t.Text, t.Language),
            QualityWarning w => new WarningRaised(w.Range, w.Warning),
            NotAnalysed n => new NoticeRaised(n.Range, SessionNotice.NotAnalysed, n.Reason),
            MediaGap { Reason: GapReasons.Undecodable } g => new NoticeRaised(g.Range, SessionNotice.Undecodable, $"{g.Track} at {g.Range.Start} could not be decoded"),
            MediaGap { Reason: not GapReasons.ClockJumpedBackward } g => new NoticeRaised(g.Range, SessionNotice.PacketsLost, $"{g.Track} is missing from {g.Range.Start} to {g.Range.End}"),
            StageStarted s => new StageChanged(s.StageId, s.QuestionId, s.Attempt, Active: true, Settings.Find(s.StageId, s.QuestionId)?.TimeLimit ?? TimeSpan.Zero),
            StageEnded s => new StageChanged(s.StageId, s.QuestionId, s.Attempt, Active: false, TimeSpan.Zero),
            _ => null,
        };
        if (told is not null)
            Publish(told);
    }

    private IReadOnlyList<ResumePosition> DurablePositions()
    {
        lock (_observations)
            return _durablePositions;
    }

    private IReadOnlyList<ResumePosition> Positions() =>
        [.. _tracks.Values.Where(t => t.Window.End > 0).Select(t => new ResumePosition(t.Track, t.Window.Next))];
}
