using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>
/// An <see cref="EpisodeDetector"/> whose samples may be missing for now. It warns only of what is so whatever the missing ones would have said: what it says live
/// is never more than what the final pass says with all samples. Not thread-safe.
/// </summary>
/// <param name="samples">Points that begin an episode; one up for a sample on which it holds, one down for any other.</param>
internal sealed class FaceEpisode(WarningKind kind, int samples)
{
    // One state while nothing is missing. Bounded: points, active or not, and of the idle ones' successors a start that is one of the last few samples.
    private HashSet<State> _states = [default];

    public QualityWarning? Step(MediaTime time, bool holds)
    {
        var next = new HashSet<State>();
        QualityWarning? warning = null;
        var agreed = true;
        var first = true;
        foreach (var state in _states)
        {
            var (after, start) = Advance(state, time, holds);
            next.Add(after);
            var said = start is { } began ? new QualityWarning(new MediaRange(began, time), kind) : null;
            agreed &= first || said == warning;
            (warning, first) = (said, false);
        }

        _states = next;
        return agreed ? warning : null;
    }

    public void Miss(MediaTime time) => _states = [.. _states.SelectMany(state => new[] { Advance(state, time, holds: true).After, Advance(state, time, holds: false).After })];

    private (State After, MediaTime? Began) Advance(State state, MediaTime time, bool holds)
    {
        var points = Math.Clamp(state.Points + (holds ? 1 : -1), 0, samples);
        if (points == 0)
            return (default, null);
        if (state.Active)
            return (new State(points, Active: true, default), null);
        var start = state.Points == 0 ? time : state.Start;
        // Where it began no longer matters once it was said: two such states are the same.
        return points < samples ? (new State(points, Active: false, start), null) : (new State(points, Active: true, default), start);
    }

    private readonly record struct State(int Points, bool Active, MediaTime Start);
}
