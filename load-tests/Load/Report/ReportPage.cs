using MediaScore.Load.Results;

namespace MediaScore.Load.Report;

/// <summary>The report of one row: one HTML file that needs nothing else.</summary>
internal static class ReportPage
{
    public const string FileName = "report.html";

    public static string Write(LoadRow row)
    {
        var (driver, server, environment) = (row.Driver, row.Server, row.Environment);
        var page = new Html(Show.Title(driver)).Raw($"<h1>{Html.Escape(Show.Title(driver))}</h1>");
        page.Paragraph(Show.Text($"{row.StartedAt:yyyy-MM-dd HH:mm} UTC, commit {environment.Commit}, {environment.VirtualCpus} vCPU {environment.Cpu}{(row.Repeat > 1 ? $", repeat {row.Repeat}" : string.Empty)}"), "quiet");
        page.Raw($"<p><code>{Html.Escape(row.Command)}</code></p>");
        if (row.Misses.Count == 0)
            page.Paragraph("Carried. " + LoadGoals.Sentence(row), "good");
        else
            page.Paragraph("Not carried: " + string.Join("; ", row.Misses) + ".", "bad");
        if (server.Machine.OthersPercent + server.Machine.StealPercent > 5)
            page.Paragraph(Show.Text($"The machine was not alone with this: {server.Machine.OthersPercent:0.0} % of the CPU time that it may use ({server.Machine.OthersCores:0.00} cores) went to other programs and {server.Machine.StealPercent:0.0} % to other guests. Latencies of such a run are an upper bound."), "bad");
        if (!ChartFont.TryUse())
            page.Paragraph(ChartFont.Advice, "bad");
        page.Tiles(
            (Show.Ms(driver.EndOfSpeechToCaption.P50) + " ms", "end of speech to caption, p50"),
            (Show.Ms(driver.EndOfSpeechToCaption.P99) + " ms", "the same, p99"),
            (Show.Ms(driver.CaptureToDurable.P99) + " ms", "capture to durable, p99"),
            (Show.Count(driver.AudioPacketsLost), $"audio packets lost of {Show.Count(driver.AudioPacketsSent)}"),
            (driver.Words.Words == 0 ? "-" : Show.Percent(driver.Words.Rate * 100), "word errors"),
            (Show.Cost(server.CpuMsPerInterviewSecond - server.FinalPassCpuMsPerInterviewSecond) + " ms", "server's CPU an interview-second, live"),
            (Show.Cost(driver.DriverCpuMsPerInterviewSecond) + " ms", "driver's, the same"),
            (Show.MiB(server.Memory.MaxMiB), "resident memory, most"),
            (Show.Percent(server.Collections.PausePercent), "collector's pauses"),
            (Show.Ms(driver.SendLag.P99) + " ms", "driver's own lag, p99"));
        page.Charts(ReportCharts.Of(row));
        ReportTables.Clients(page, driver);
        if (driver.Terminals is { } terminals)
            TerminalTables.Write(page, terminals, server);
        ReportTables.Cpu(page, server);
        ReportTables.Models(page, server);
        ReportTables.Process(page, server, driver.SendersGoFirst);
        ReportTables.Counters(page, server);
        ReportTables.Environment(page, row);
        return page.ToString();
    }
}
