namespace MediaScore.Timeline;

/// <summary>
/// Where an interview's sound is missing: what a lost connection leaves. The time limit of a spoken answer stands still there, so that an outage costs nobody an answer.
/// A pure function of what was heard, in the order of the recording. Not thread-safe.
/// </summary>
public sealed class SoundHoles
{
    /// <summary>Shorter ones are jitter, a lost packet, or silence that a codec leaves out (Opus sends every 400 ms then), and stop no clock.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause of one answer. Whoever is away for longer has left: an interview without a connection ends after as long.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly List<MediaRange> _holes = [];
    private MediaTime? _heardUntil;

    /// <summary>Sound came for this time. One that belongs before what was heard already closes no hole: the connection was bad all the same.</summary>
    public void Hear(MediaTime time)
    {
        if (_heardUntil is not { } until)
        {
            _heardUntil = time;
            return;
        }

        if (time - until >= Shortest)
            _holes.Add(new MediaRange(until, time));
        _heardUntil = MediaTime.Max(until, time);
    }

    /// <summary>When an answer runs out that began at <paramref name="start"/>, as far as can be said at <paramref name="now"/>: within a hole it moves on with the clock.</summary>
    /// <param name="limit">Time to be heard in.</param>
    public MediaTime Deadline(MediaTime start, TimeSpan limit, MediaTime now)
    {
        var deadline = start + limit;
        var pause = TimeSpan.Zero;
        // In ascending order, so that a hole behind the deadline, as it then is, moves nothing.
        for (var i = FirstAfter(start); i < _holes.Count && _holes[i].Start < deadline; i++)
            Stretch(_holes[i]);
        if (_heardUntil is { } until && now - until >= Shortest && until < deadline)
            Stretch(new MediaRange(until, now));
        return deadline;

        void Stretch(MediaRange hole)
        {
            var missed = MediaTime.Min(hole.End, now) - MediaTime.Max(hole.Start, start);
            if (missed <= TimeSpan.Zero || pause >= LongestPause)
                return;
            missed = missed < LongestPause - pause ? missed : LongestPause - pause;
            pause += missed;
            deadline += missed;
        }
    }

    private int FirstAfter(MediaTime start)
    {
        var first = _holes.Count;
        while (first > 0 && _holes[first - 1].End > start)
            first--;
        return first;
    }
}
