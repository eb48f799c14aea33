using MediaScore.Load.Report;
using MediaScore.Load.Results;

namespace MediaScore.Load.Sweeps;

/// <summary>Equal runs of one load: what the table shows as a row, with the median and, of several, least and most.</summary>
internal sealed record RowGroup(IReadOnlyList<LoadRow> Rows)
{
    public LoadRow First => Rows[0];

    /// <summary>By scenario, transport, terminals and load, in that order.</summary>
    public static IReadOnlyList<RowGroup> Of(IEnumerable<LoadRow> rows) =>
    [
        .. rows.GroupBy(r => (r.Driver.Scenario, r.Driver.Transport, r.Driver.Interviews, Terminals: r.Driver.Terminals?.Count ?? 0, Seconds: (int)Math.Round(r.Driver.Seconds / 10)))
            .OrderBy(g => g.Key.Scenario != "steady").ThenBy(g => g.Key.Scenario, StringComparer.Ordinal).ThenByDescending(g => g.Key.Transport, StringComparer.Ordinal).ThenBy(g => g.Key.Terminals).ThenBy(g => g.Key.Interviews).ThenBy(g => g.Key.Seconds)
            .Select(g => new RowGroup([.. g.OrderBy(r => r.StartedAt)])),
    ];

    public double Median(Func<LoadRow, double> value)
    {
        var sorted = Rows.Select(value).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>"640" of one run, "640 (610 to 702)" of several that differ.</summary>
    public string Range(Func<LoadRow, double> value, Func<double, string> show)
    {
        var (median, least, most) = (show(Median(value)), show(Rows.Min(value)), show(Rows.Max(value)));
        return least == most ? median : $"{median} ({least} to {most})";
    }

    /// <summary>"2 runs of 3" where some failed.</summary>
    public string Carried => Rows.Count(r => r.Misses.Count == 0) is var count && count == Rows.Count ? "yes" : count == 0 ? "no" : Show.Text($"{count} of {Rows.Count}");
}
