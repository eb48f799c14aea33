using MediaScore.Load.Results;

namespace MediaScore.Load.Report;

/// <summary>The charts of one row.</summary>
internal static class ReportCharts
{
    // More bars than these tell less.
    private const int ModelsShown = 6;

    public static IEnumerable<string> Of(LoadRow row)
    {
        var (driver, server) = (row.Driver, row.Server);
        if (driver.Timeline.Count > 1)
            yield return Captions(driver);
        if (driver.EndOfSpeechToCaption.Count > 0 || driver.Terminals is { FrameToDecision.Count: > 0 })
            yield return Percentiles(driver);
        if (server.Timeline.Count > 1)
        {
            yield return Cpu(server);
            yield return Memory(server);
            yield return Allocation(server);
            yield return Pauses(server);
        }

        if (driver.Timeline.Count > 1)
        {
            yield return Lag(driver);
            yield return Durable(driver);
            yield return Live(driver);
        }

        if (driver.Terminals is { FrameToDecision.Count: > 0 } && driver.Timeline.Count > 1)
            yield return Decisions(driver);

        if (server.Models.Count > 0)
            yield return QueueAndCompute(server);
        // A model whose rows ran alone is one bar of 100 %.
        foreach (var model in server.Models.Where(m => m.Batches.Counts.Count(c => c > 0) > 1).Take(ModelsShown))
            yield return Batches(model);
    }

    private static string Captions(DriverResult driver) => Html.Figure(
        "End of speech to caption, by second",
        Chart.Lines([Line(driver, "median", s => s.CaptionP50Ms, Mean), Line(driver, "longest", s => s.CaptionMaxMs, Max)], "second", "ms", LoadGoals.CaptionP99Ms),
        "median",
        "longest");

    private static string Percentiles(DriverResult driver)
    {
        var all = new List<(string Name, Percentiles Of)> { ("end of speech to caption", driver.EndOfSpeechToCaption), ("capture to durable", driver.CaptureToDurable), ("driver's own lag", driver.SendLag), ("refusal", driver.Refusal), ("frame to decision", driver.Terminals?.FrameToDecision ?? Results.Percentiles.None) };
        var shown = all.Where(p => p.Of.Curve.Count == Results.Percentiles.Quantiles.Count).ToList();
        return Html.Figure("Latency by percentile", Chart.Nines([.. shown.Select(p => Known(p.Name, p.Of))], LoadGoals.CaptionP99Ms), [.. shown.Select(p => p.Name)]);
    }

    /// <summary>As many nines as there are values to speak of: of a hundred, there is no 99.9th percentile.</summary>
    private static Line Known(string name, Percentiles of)
    {
        var points = Results.Percentiles.Quantiles.Zip(of.Curve).Where(p => (100 - p.First) / 100 * of.Count >= 1).ToList();
        return new Line(name, [.. points.Select(p => p.First)], [.. points.Select(p => p.Second)]);
    }

    private static string Cpu(ServerUsage server)
    {
        var groups = Series.Join(server.Timeline, seconds => seconds);
        var layers = server.Stages.Select((_, stage) => (IReadOnlyList<double>)[.. groups.Select(g => g.Average(s => s.StagesPercent[stage]))]).ToList();
        return Html.Figure("Server's CPU by stage", Chart.Layers([.. groups.Select(g => (double)g[0].Second)], layers, "second", "% of one core"), [.. server.Stages.Select(s => s.Stage)]);
    }

    private static string Memory(ServerUsage server) => Html.Figure("Resident memory", Chart.Lines([Line(server, s => s.ResidentMiB, Max)], "second", "MiB"));

    private static string Allocation(ServerUsage server) => Html.Figure("Managed allocation", Chart.Lines([Line(server, s => s.AllocatedMiB, Mean)], "second", "MiB a second"));

    private static string Pauses(ServerUsage server) => Html.Figure("Collector's pauses", Chart.Lines([Line(server, s => s.PauseMs, Max)], "second", "ms in a second"));

    private static string Lag(DriverResult driver) =>
        Html.Figure("Driver's own lag: latest send of each second", Chart.Lines([Line(driver, "lag", s => s.SendLagMaxMs, Max)], "second", "ms", LoadGoals.SendLagP99Ms));

    private static string Durable(DriverResult driver) => Html.Figure("Capture to durable, p99 of each second", Chart.Lines([Line(driver, "p99", s => s.DurableP99Ms, Max)], "second", "ms"));

    private static string Decisions(DriverResult driver) =>
        Html.Figure("Frame to decision, longest of each second", Chart.Lines([Line(driver, "longest", s => s.DecisionMaxMs, Max)], "second", "ms", LoadGoals.DecisionP99Ms));

    private static string Live(DriverResult driver) => Html.Figure(
        "Interviews, refusals and failures, by second",
        Chart.Lines([Line(driver, "live", s => s.Live, Max), Line(driver, "refused", s => s.Refused, Mean), Line(driver, "failed", s => s.Failed, Mean)], "second", "interviews"),
        "live",
        "refused",
        "failed");

    private static string QueueAndCompute(ServerUsage server)
    {
        var models = server.Models.Take(ModelsShown).ToList();
        return Html.Figure(
            "Wait for a batch and CPU of a run, means",
            Chart.Bars([.. models.Select(m => Short(m.Model))], [[.. models.Select(m => m.QueueMeanMs)], [.. models.Select(m => m.ComputeMeanMs)]], string.Empty, "ms"),
            "wait",
            "CPU of a run");
    }

    private static string Batches(ModelUsage model)
    {
        var counts = model.Batches.Counts;
        // Nothing above the largest batch that was run.
        var last = Enumerable.Range(0, counts.Count).Last(i => counts[i] > 0);
        var names = Enumerable.Range(0, last + 1).Select(i => Name(model.Batches.UpperBounds, i)).ToList();
        return Html.Figure($"{model.Model}: runs by rows", Chart.Bars(names, [[.. counts.Take(last + 1).Select(c => c * 100.0 / model.Batches.Total)]], "rows of a run", "% of runs"));
    }

    private static string Name(IReadOnlyList<double> bounds, int i)
    {
        var from = i == 0 ? 1 : bounds[i - 1] + 1;
        return i >= bounds.Count ? Show.Text($">{bounds[^1]:0}") : from >= bounds[i] ? Show.Text($"{bounds[i]:0}") : Show.Text($"{from:0}-{bounds[i]:0}");
    }

    /// <summary>"moonshine-tiny-en/decoder" has no place under a bar.</summary>
    private static string Short(string model) => model.Split('/') is [_, var part] ? part : model.Split('-')[0];

    private static Line Line(DriverResult driver, string name, Func<DriverSecond, double?> value, Func<IEnumerable<double>, double> join)
    {
        var points = Series.Join(driver.Timeline, seconds => (seconds[0].Second, Value: join(seconds.Select(value).OfType<double>())));
        return new Line(name, [.. points.Select(p => (double)p.Second)], [.. points.Select(p => p.Value)]);
    }

    private static Line Line(ServerUsage server, Func<ServerSecond, double> value, Func<IEnumerable<double>, double> join)
    {
        var points = Series.Join(server.Timeline, seconds => (seconds[0].Second, Value: join(seconds.Select(value))));
        return new Line(string.Empty, [.. points.Select(p => (double)p.Second)], [.. points.Select(p => p.Value)]);
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private static double Max(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Max();
}
