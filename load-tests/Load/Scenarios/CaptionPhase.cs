using MediaScore.Load.Measuring;
using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>Captions of a part of a run, by when their speech ended.</summary>
internal static class CaptionPhase
{
    // A second has ten captions at a hundred interviews: too few for a p99 of its own.
    private const double BucketSeconds = 5;

    // Where little is said; fewer than this say nothing.
    private const int FewestCaptions = 5;

    public static Percentiles Of(IEnumerable<CaptionTime> captions, long from, long to)
    {
        var histogram = LatencySeries.New();
        foreach (var caption in captions.Where(caption => caption.Due >= from && caption.Due < to))
            histogram.RecordValue(Math.Clamp(caption.Latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, LatencySeries.HighestMicroseconds));
        return Percentiles.Of(histogram);
    }

    /// <summary>
    /// Seconds from <paramref name="from"/> until captions are as before and stay so: the p99 of the next ones, as many as five seconds have, and that of all that follow
    /// until <paramref name="to"/> are within 10 % of before. Null where that never is, and where nothing is known of before.
    /// </summary>
    /// <param name="captions">Those that never came among them, as <see cref="LatencySeries.Never"/>.</param>
    public static double? SecondsToNormal(IEnumerable<CaptionTime> captions, Percentiles before, long from, long to, TimeProvider time)
    {
        var after = captions.Where(caption => caption.Due >= from && caption.Due < to).OrderBy(caption => caption.Due).ToList();
        var bucket = Math.Max(FewestCaptions, (int)(after.Count / time.GetElapsedTime(from, to).TotalSeconds * BucketSeconds));
        if (before.Count == 0 || after.Count < bucket)
            return null;
        // Late ones before each place: the p99 of a stretch is within the bound where one of a hundred of it is late at most.
        var bound = before.P99 * LoadGoals.OverloadTolerance;
        var late = new int[after.Count + 1];
        for (var i = 0; i < after.Count; i++)
            late[i + 1] = late[i] + (after[i].Latency.TotalMilliseconds > bound ? 1 : 0);
        bool IsNormal(int first, int count) => late[first + count] - late[first] <= count / 100;
        for (var first = 0; first + bucket <= after.Count; first++)
        {
            if (IsNormal(first, bucket) && IsNormal(first, after.Count - first))
                return first == 0 ? 0 : time.GetElapsedTime(from, after[first].Due).TotalSeconds;
        }

        return null;
    }
}
