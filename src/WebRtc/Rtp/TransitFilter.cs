namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// The shortest way of late: the smallest difference between a packet's arrival and its time on the sender's clock, over five windows of two seconds. The
/// smallest, since queues only ever add; of late, since the clocks drift apart.
/// </summary>
internal sealed class TransitFilter
{
    private const int WindowCount = 5;

    // A bucket with fewer packets says nothing: they may all be retransmissions.
    private const int FewPackets = 10;

    private static readonly TimeSpan WindowLength = TimeSpan.FromSeconds(2);

    private readonly long[] _minima = new long[WindowCount];
    private int _at;
    private int _count;
    private Instant _windowEnd = Instant.Never;

    /// <summary>Microseconds; only differences mean something.</summary>
    public long Minimum { get; private set; }

    /// <summary>Of the latest packet.</summary>
    public long Latest { get; private set; }

    /// <summary>Of the first packet.</summary>
    public long First { get; private set; }

    public bool HasValue => _windowEnd != Instant.Never;

    /// <summary>Notes a packet.</summary>
    /// <param name="lag">How much later than before everything came in a window that just ended; 0 mostly.</param>
    /// <returns>Whether a window just ended.</returns>
    public bool Add(long transit, Instant arrival, out long lag)
    {
        lag = 0;
        Latest = transit;
        if (!HasValue)
        {
            Restart(transit, arrival);
            return false;
        }

        _minima[_at] = Math.Min(_minima[_at], transit);
        Minimum = Math.Min(Minimum, transit);
        _count++;
        if (arrival < _windowEnd)
            return false;
        if (_count >= FewPackets)
            lag = _minima[_at] - OfOthers();
        _at = (_at + 1) % WindowCount;
        _minima[_at] = long.MaxValue;
        (_count, _windowEnd) = (0, arrival + WindowLength);
        Minimum = OfOthers();
        return true;
    }

    /// <summary>Forgets; the next packet begins anew.</summary>
    public void Clear() => _windowEnd = Instant.Never;

    /// <summary>Begins anew with this packet.</summary>
    public void Restart(long transit, Instant arrival)
    {
        Array.Fill(_minima, long.MaxValue);
        (_at, _count, _windowEnd) = (0, 1, arrival + WindowLength);
        First = Latest = Minimum = _minima[0] = transit;
    }

    private long OfOthers()
    {
        var smallest = long.MaxValue;
        for (var window = 0; window < WindowCount; window++)
        {
            if (window != _at)
                smallest = Math.Min(smallest, _minima[window]);
        }

        // The first window has no others.
        return smallest == long.MaxValue ? _minima[_at] : smallest;
    }
}
