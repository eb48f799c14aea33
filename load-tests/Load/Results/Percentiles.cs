using HdrHistogram;

namespace MediaScore.Load.Results;

/// <summary>One distribution of times in milliseconds, as counted by a histogram of microseconds (three significant digits).</summary>
/// <param name="Curve">Value at each of <see cref="Quantiles"/>; empty where nothing was counted.</param>
internal sealed record Percentiles(long Count, double P50, double P90, double P95, double P99, double P999, double Max, IReadOnlyList<double> Curve)
{
    public static Percentiles None { get; } = new(0, 0, 0, 0, 0, 0, 0, []);

    /// <summary>Where <see cref="Curve"/> is read: evenly spaced in "nines", since the tail is what is looked at.</summary>
    public static IReadOnlyList<double> Quantiles { get; } = [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97.5, 98, 99, 99.5, 99.9, 99.95, 99.99, 100];

    /// <param name="microseconds">Counts of microseconds. The caller may go on counting afterwards.</param>
    public static Percentiles Of(HistogramBase microseconds)
    {
        if (microseconds.TotalCount == 0)
            return None;
        double At(double percentile) => microseconds.GetValueAtPercentile(percentile) / 1000.0;
        return new Percentiles(microseconds.TotalCount, At(50), At(90), At(95), At(99), At(99.9), At(100), [.. Quantiles.Select(At)]);
    }
}
