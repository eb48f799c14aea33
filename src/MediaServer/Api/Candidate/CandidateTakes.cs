using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>What was given to the questions of one interview, and which media came at all.</summary>
/// <param name="Takes">In order; the last one of a question counts.</param>
/// <param name="Written">Characters of the written answers, by question.</param>
internal sealed record CandidateTakes(IReadOnlyList<CandidateTakes.Take> Takes, IReadOnlyDictionary<string, int> Written, bool SoundCame, bool PicturesCame, MediaTime End)
{
    /// <summary>While the session is open: the analysis may be minutes behind, so what was recorded is read, not what was observed.</summary>
    public static CandidateTakes Of(InterviewSession session)
    {
        var takes = new List<Take>();
        var written = new Dictionary<string, int>(StringComparer.Ordinal);
        Take? open = null;
        foreach (var e in session.ControlHistory)
        {
            if (e.Text is { } text)
            {
                written.TryAdd(e.QuestionId, text.Length);
                continue;
            }

            if (open is not null && (e.Begins || e.QuestionId == open.QuestionId))
            {
                Close(open, e.Time);
                open = null;
            }

            if (e.Begins)
                open = new Take(e.QuestionId, e.Attempt, e.Time, e.Time);
        }

        if (open is not null)
            Close(open, session.RecordedUntil);
        return new CandidateTakes(
            takes, written, session.ResumePositions.Any(p => p.Track is Recording.TrackKind.Audio), session.ResumePositions.Any(p => p.Track is Recording.TrackKind.Video), session.RecordedUntil);

        void Close(Take take, MediaTime at)
        {
            var limit = session.Settings.Questions.FirstOrDefault(q => q.QuestionId == take.QuestionId)?.TimeLimit ?? TimeSpan.Zero;
            takes.Add(take with { End = limit > TimeSpan.Zero ? MediaTime.Min(at, session.DeadlineOf(take.Start, limit, at)) : at });
        }
    }

    /// <summary>Of an interview that is over.</summary>
    public static CandidateTakes Of(IReadOnlyList<Observation> timeline, IReadOnlyCollection<Recording.TrackKind> tracks)
    {
        var ends = timeline.OfType<StageEnded>().ToLookup(e => (e.QuestionId, e.Attempt));
        var written = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var answer in timeline.OfType<WrittenAnswer>())
            written.TryAdd(answer.QuestionId, answer.Text.Length);
        return new CandidateTakes(
            [.. timeline.OfType<StageStarted>().Select(s => new Take(s.QuestionId, s.Attempt, s.Range.Start, ends[(s.QuestionId, s.Attempt)].LastOrDefault()?.Range.End ?? s.Range.Start))],
            written,
            tracks.Contains(Recording.TrackKind.Audio),
            tracks.Contains(Recording.TrackKind.Video),
            timeline.OfType<FinalPassDone>().LastOrDefault()?.Range.End ?? timeline.Select(o => o.Range.End).DefaultIfEmpty().Max());
    }

    internal sealed record Take(string QuestionId, int Attempt, MediaTime Start, MediaTime End);
}
