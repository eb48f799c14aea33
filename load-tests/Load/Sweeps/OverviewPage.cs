using MediaScore.Load.Report;
using MediaScore.Load.Results;

namespace MediaScore.Load.Sweeps;

/// <summary>All rows of a sweep on one page: how latency, cost and memory go with the load, and links to each row's own report.</summary>
internal static class OverviewPage
{
    public const string FileName = "index.html";

    public static string Write(IReadOnlyList<(string Folder, LoadRow Row)> rows)
    {
        var groups = RowGroup.Of(rows.Select(r => r.Row));
        var page = new Html("Load sweep").Raw("<h1>Load sweep</h1>");
        var environment = rows[0].Row.Environment;
        page.Paragraph(Show.Text($"{rows[0].Row.StartedAt:yyyy-MM-dd HH:mm} UTC, commit {environment.Commit}, {environment.VirtualCpus} vCPU {environment.Cpu}, {environment.GarbageCollector}"), "quiet");
        if (!ChartFont.TryUse())
            page.Paragraph(ChartFont.Advice, "bad");
        // One transport a set of charts: a line from the one to the other would be no measurement.
        foreach (var set in groups.Where(g => g.First.Driver.Scenario == "steady").GroupBy(g => Show.Transport(g.First.Driver.Transport) + Show.Beside(g.First.Driver), StringComparer.Ordinal))
            page.Heading(set.Key).Charts(Charts([.. set]));
        page.Heading("Rows");
        page.Table(
            ["row", "goals", "#repeat", "#caption p50", "#p95", "#p99", "#max", "#durable p99", "#audio lost", "#word errors", "#server CPU ms/s", "#driver", "#memory", "#lag p99", "#others", "#decision p50", "#p99", "#too late", "#busy frames"],
            rows.Select(r => (IReadOnlyList<string>)
            [
                $"<a href=\"{Html.Escape(r.Folder)}/{ReportPage.FileName}\">{Html.Escape(Show.Text($"{Show.Transport(r.Row.Driver.Transport)} {r.Row.Driver.Interviews}{Show.Beside(r.Row.Driver)}"))}</a>",
                r.Row.Misses.Count == 0 ? "<span class=\"good\">carried</span>" : $"<span class=\"bad\">{Html.Escape(string.Join("; ", r.Row.Misses))}</span>",
                Show.Count(r.Row.Repeat),
                Show.Ms(r.Row.Driver.EndOfSpeechToCaption.P50),
                Show.Ms(r.Row.Driver.EndOfSpeechToCaption.P95),
                Show.Ms(r.Row.Driver.EndOfSpeechToCaption.P99),
                Show.Ms(r.Row.Driver.EndOfSpeechToCaption.Max),
                Show.Ms(r.Row.Driver.CaptureToDurable.P99),
                Show.Count(r.Row.Driver.AudioPacketsLost),
                Show.Percent(r.Row.Driver.Words.Rate * 100),
                Show.Cost(r.Row.Server.CpuMsPerInterviewSecond - r.Row.Server.FinalPassCpuMsPerInterviewSecond),
                Show.Cost(r.Row.Driver.DriverCpuMsPerInterviewSecond),
                Show.MiB(r.Row.Server.Memory.MaxMiB),
                Show.Ms(r.Row.Driver.SendLag.P99),
                Show.Percent(r.Row.Server.Machine.OthersPercent),
                r.Row.Driver.Terminals is { } median ? Show.Ms(median.FrameToDecision.P50) : "-",
                r.Row.Driver.Terminals is { } latest ? Show.Ms(latest.FrameToDecision.P99) : "-",
                r.Row.Driver.Terminals is { } late ? Show.Count(late.TimedOut) : "-",
                r.Row.Driver.Terminals is { } busy ? Show.Count(busy.BusyFrames) : "-",
            ]));
        return page.ToString();
    }

    private static IEnumerable<string> Charts(IReadOnlyList<RowGroup> groups)
    {
        IReadOnlyList<double> loads = [.. groups.Select(g => (double)g.First.Driver.Interviews)];
        IReadOnlyList<string> names = [.. groups.Select(g => Show.Count(g.First.Driver.Interviews))];
        Line Over(string name, Func<LoadRow, double> value) => new(name, loads, [.. groups.Select(g => g.Median(value))]);
        yield return Html.Figure(
            "End of speech to caption",
            Chart.Lines([Over("p50", r => r.Driver.EndOfSpeechToCaption.P50), Over("p95", r => r.Driver.EndOfSpeechToCaption.P95), Over("p99", r => r.Driver.EndOfSpeechToCaption.P99)], "interviews", "ms", LoadGoals.CaptionP99Ms),
            "p50",
            "p95",
            "p99");
        if (groups.All(g => g.First.Driver.Terminals is not null))
        {
            yield return Html.Figure(
                "Frame to decision",
                Chart.Lines([Over("p50", r => r.Driver.Terminals!.FrameToDecision.P50), Over("p95", r => r.Driver.Terminals!.FrameToDecision.P95), Over("p99", r => r.Driver.Terminals!.FrameToDecision.P99)], "interviews", "ms", LoadGoals.DecisionP99Ms),
                "p50",
                "p95",
                "p99");
        }

        yield return Html.Figure("Capture to durable, p99", Chart.Lines([Over("p99", r => r.Driver.CaptureToDurable.P99)], "interviews", "ms"));
        var stages = groups.SelectMany(g => g.First.Server.Stages).Select(s => s.Stage).Distinct(StringComparer.Ordinal).ToList();
        var layers = stages.Select(stage => (IReadOnlyList<double>)[.. groups.Select(g => g.Median(r => r.Server.Stages.Where(s => s.Stage == stage).Sum(s => s.CpuMsPerInterviewSecond)))]).ToList();
        yield return Html.Figure("Server's CPU by stage", Chart.Stacks(names, layers, "interviews", "ms an interview-second"), stages);
        yield return Html.Figure("Resident memory, most", Chart.Lines([Over("memory", r => r.Server.Memory.MaxMiB)], "interviews", "MiB"));
        yield return Html.Figure("Word errors", Chart.Lines([Over("words", r => r.Driver.Words.Rate * 100)], "interviews", "%"));
        yield return Html.Figure("Driver's own lag, p99", Chart.Lines([Over("lag", r => r.Driver.SendLag.P99)], "interviews", "ms", LoadGoals.SendLagP99Ms));
    }
}
