namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>How long to wait before the next try: twice as long after each that failed, a fifth more or less at random, so that not everything comes back at the same moment. One owner.</summary>
internal sealed class BackOff(TimeSpan most)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    // A connection that held so long was one; what ended it is over.
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <param name="lasted">How long the connection held that has ended; zero: there was none.</param>
    /// <param name="random">0 to 1.</param>
    public TimeSpan Next(TimeSpan lasted, double random)
    {
        if (lasted >= Lasting)
            _next = First;
        var wait = _next;
        _next = wait * 2 > most ? most : wait * 2;
        return wait * (0.8 + (0.4 * random));
    }
}
