using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>Rounding and statistics of the report: figures are rounded once, here, so that JSON and page show the same.</summary>
internal static class ReportFigures
{
    public static long Ms(MediaTime time) => time.Microseconds / 1000;

    public static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;

    public static double Rounded(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero) + 0.0;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Joins spans that overlap or lie at most <paramref name="joinMs"/> apart; the input is in order of start.</summary>
    public static IReadOnlyList<ReportSpan> Joined(IEnumerable<MediaRange> ranges, long joinMs)
    {
        var joined = new List<ReportSpan>();
        foreach (var range in ranges)
        {
            var (start, end) = (Ms(range.Start), Ms(range.End));
            if (joined.Count > 0 && start <= joined[^1].EndMs + joinMs)
                joined[^1] = joined[^1] with { EndMs = Math.Max(joined[^1].EndMs, end) };
            else
                joined.Add(new ReportSpan(start, end));
        }

        return joined;
    }
}
