namespace MediaScore.DeviceStreams;

/// <summary>How long to wait before the next try: twice as long after each that failed, a fifth more or less at random, so that not everything comes back at the same moment. One owner.</summary>
/// <param name="lasting">A connection that held so long was one; what ended it is over.</param>
internal sealed class BackOff(TimeSpan first, TimeSpan most, TimeSpan lasting)
{
    private TimeSpan? _next;

    /// <param name="lasted">How long the connection held that has ended; zero: there was none.</param>
    /// <param name="random">0 to 1.</param>
    public TimeSpan Next(TimeSpan lasted, double random)
    {
        if (lasted >= lasting)
            _next = null;
        var wait = _next ?? first;
        _next = wait * 2 > most ? most : wait * 2;
        return wait * (0.8 + (0.4 * random));
    }
}
