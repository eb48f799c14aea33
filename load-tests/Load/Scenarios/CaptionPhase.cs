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

    // The goal of the issue: within 10 % of before.
    private const double Tolerance = 1.1;

    public static Percentiles Of(IEnumerable<CaptionTime> captions, long from, long to)
    {
        var histogram = LatencySeries.New();
        foreach (var caption in captions.Where(caption => caption.Due >= from && caption.Due < to))
            histogram.RecordValue(Math.Max(0, caption.Latency.Ticks / TimeSpan.TicksPerMicrosecond));
        return Percentiles.Of(histogram);
    }

    /// <summary>
    /// Seconds from <paramref name="from"/> until captions begin whose p99 is within 10 % of before, as many of them as five seconds have; null where none do before
    /// <paramref name="to"/>.
    /// </summary>
    public static double? SecondsToNormal(IEnumerable<CaptionTime> captions, Percentiles before, long from, long to, TimeProvider time)
    {
        var after = captions.Where(caption => caption.Due >= from && caption.Due < to).OrderBy(caption => caption.Due).ToList();
        var bucket = Math.Max(FewestCaptions, (int)(after.Count / time.GetElapsedTime(from, to).TotalSeconds * BucketSeconds));
        for (var first = 0; first + bucket <= after.Count; first++)
        {
            if (Of(after.GetRange(first, bucket), from, to).P99 <= before.P99 * Tolerance)
                return first == 0 ? 0 : time.GetElapsedTime(from, after[first].Due).TotalSeconds;
        }

        return null;
    }
}
