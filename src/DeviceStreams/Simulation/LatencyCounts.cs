namespace MediaScore.DeviceStreams.Simulation;

/// <summary>How long answers took: a count a millisecond, up to ten seconds. Bounded, whatever comes. Not thread-safe.</summary>
internal sealed class LatencyCounts
{
    private const int MostMs = 10_000;

    private readonly long[] _counts = new long[MostMs + 1];

    public long Count { get; private set; }

    public void Add(TimeSpan latency)
    {
        _counts[(int)Math.Clamp(Math.Ceiling(latency.TotalMilliseconds), 0, MostMs)]++;
        Count++;
    }

    /// <summary>So many milliseconds or less took that share of them; the longest that is counted stands for all above. Null where nothing was counted.</summary>
    /// <param name="share">0 to 1.</param>
    public double? QuantileMs(double share)
    {
        if (Count == 0)
            return null;
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long sum = 0;
        for (var ms = 0; ms <= MostMs; ms++)
        {
            sum += _counts[ms];
            if (sum >= wanted)
                return ms;
        }

        return MostMs;
    }
}
