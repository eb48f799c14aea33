using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>One take of one answer.</summary>
/// <param name="EndReason">Null where the timeline has no end of it.</param>
/// <param name="Written">Of a written answer.</param>
internal sealed record AnswerTake(string QuestionId, int Attempt, MediaRange Range, StageEndReason? EndReason, WrittenAnswer? Written)
{
    /// <summary>All takes of the plan's questions, by question and attempt.</summary>
    public static ILookup<string, AnswerTake> AllOf(InterviewPlan plan, CanonicalTimeline timeline)
    {
        var starts = timeline.All<StageStarted>().GroupBy(s => (s.QuestionId, s.Attempt)).ToDictionary(g => g.Key, g => g.First().Range.Start);
        var written = timeline.All<WrittenAnswer>().GroupBy(w => (w.QuestionId, w.Attempt)).ToDictionary(g => g.Key, g => g.Last());
        var boundaries = starts.Values.Append(timeline.End).Order().ToArray();
        return starts.Keys.Union(written.Keys).Where(key => plan.FindQuestion(key.QuestionId) is not null).Select(key =>
        {
            var text = written.GetValueOrDefault(key);
            if (!starts.TryGetValue(key, out var start))
                return new AnswerTake(key.QuestionId, key.Attempt, text!.Range, null, text);
            var end = timeline.All<StageEnded>().FirstOrDefault(e => (e.QuestionId, e.Attempt) == key && e.Range.Start >= start);
            // A written answer may come a little after its time limit; it belongs to the answer all the same.
            var endsAt = MediaTime.Max(end?.Range.Start ?? EndWithoutMarker(boundaries, start), text?.Range.Start ?? start);
            return new AnswerTake(key.QuestionId, key.Attempt, new MediaRange(start, endsAt), end?.Reason, text);
        }).OrderBy(t => t.Attempt).ToLookup(t => t.QuestionId);
    }

    /// <summary>Where the next answer begins, else where the media ends.</summary>
    private static MediaTime EndWithoutMarker(MediaTime[] boundaries, MediaTime start) =>
        boundaries.Where(b => b > start).DefaultIfEmpty(start).First();
}
