namespace MediaScore.Pipelines;

/// <summary>
/// Turns a flickering condition into episodes: points for each step on which it holds, one off for each on which it does not; an episode begins when the
/// points reach <paramref name="raiseAt"/> and is over at zero. Steps are steps of media, so the same media gives the same episodes.
/// </summary>
/// <param name="raiseAt">Points that begin an episode.</param>
/// <param name="gain">Points of a step on which it holds: with 1 it must hold on more than half of the steps, with 2 on more than a third.</param>
internal sealed class EpisodeDetector(int raiseAt, int gain = 1)
{
    private int _points;

    /// <summary>Between beginning and end.</summary>
    public bool Active { get; private set; }

    /// <summary>No points: nothing points to an episode.</summary>
    public bool Idle => _points == 0;

    /// <returns>Whether this step began an episode.</returns>
    public bool Step(bool holds)
    {
        _points = Math.Clamp(_points + (holds ? gain : -1), 0, raiseAt);
        if (_points == 0)
            Active = false;
        if (Active || _points < raiseAt)
            return false;
        Active = true;
        return true;
    }
}
