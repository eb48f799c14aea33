using System.Globalization;
using System.Text;
using MediaScore.Load.Report;
using MediaScore.Load.Results;

namespace MediaScore.Load.Sweeps;

/// <summary>Rows as Markdown, for the documentation: what the clients saw, the CPU by stage, the pool, and where it was measured.</summary>
internal static class MarkdownTable
{
    public const string FileName = "table.md";

    public static string Write(IEnumerable<LoadRow> rows)
    {
        var groups = RowGroup.Of(rows);
        if (groups.Count == 0)
            return "There are no rows.\n";
        var text = new StringBuilder();
        Clients(text, groups);
        Terminals(text, [.. groups.Where(g => g.First.Driver.Terminals is not null)]);
        Stages(text, groups);
        Pool(text, groups);
        Places(text, groups);
        return text.ToString();
    }

    private static void Clients(StringBuilder text, IReadOnlyList<RowGroup> groups)
    {
        text.Append("Milliseconds; of several equal runs the median, least and most. Latencies count from the intended time of the send.\n\n");
        Line(
            text,
            "transport", "interviews", "seconds", "runs", "end of speech to caption p50", "p95", "p99", "max", "capture to durable p99", "audio packets lost", "video frames lost", "captions missing", "utterances unheard", "sampled pictures dropped, %", "refused", "failed", "word errors", "words changed by the load",
            "server's CPU, ms an interview-second", "driver's", "memory MiB, most", "collector's pauses, %", "driver's lag p99", "other programs' CPU, %", "carried");
        Line(text, Enumerable.Range(0, 25).Select(i => i is 0 or 24 ? "---" : "---:").ToArray());
        foreach (var g in groups)
        {
            Line(
                text,
                Show.Transport(g.First.Driver.Transport) + Show.Beside(g.First.Driver) + (g.First.Driver.Scenario == "steady" ? string.Empty : ", " + g.First.Driver.Scenario),
                Show.Count(g.First.Driver.Interviews),
                Show.Count(g.Median(r => r.Driver.Seconds)),
                Show.Count(g.Rows.Count),
                g.Range(r => r.Driver.EndOfSpeechToCaption.P50, Show.Ms),
                g.Range(r => r.Driver.EndOfSpeechToCaption.P95, Show.Ms),
                g.Range(r => r.Driver.EndOfSpeechToCaption.P99, Show.Ms),
                g.Range(r => r.Driver.EndOfSpeechToCaption.Max, Show.Ms),
                g.Range(r => r.Driver.CaptureToDurable.P99, Show.Ms),
                Lost(g, d => d.AudioPacketsLost, d => d.AudioPacketsSent),
                Lost(g, d => d.VideoFramesLost, d => d.VideoFramesSent),
                Lost(g, d => d.CaptionsMissing, d => d.CaptionsExpected),
                Lost(g, d => d.UtterancesUnheard, d => d.UtterancesSpoken),
                g.Rows.All(r => r.Server.SampledDroppedShare is null) ? "-" : g.Range(r => r.Server.SampledDroppedShare * 100 ?? 0, v => Show.Text($"{v:0.0}")),
                Show.Count(g.Rows.Sum(r => r.Driver.Refused)),
                Show.Count(g.Rows.Sum(r => r.Driver.Failed)),
                Show.Words(new WordErrors(g.Rows.Sum(r => r.Driver.Words.Errors), g.Rows.Sum(r => r.Driver.Words.Words), string.Empty)),
                g.Rows.All(r => r.Driver.Against is null) ? "-" : Lost(g, d => d.Against?.WordsChanged ?? 0, d => d.Against?.Words ?? 0),
                g.Range(r => r.Server.CpuMsPerInterviewSecond - r.Server.FinalPassCpuMsPerInterviewSecond, Show.Cost),
                g.Range(r => r.Driver.DriverCpuMsPerInterviewSecond, Show.Cost),
                g.Range(r => r.Server.Memory.MaxMiB, Show.Count),
                g.Range(r => r.Server.Collections.PausePercent, Show.Cost),
                g.Range(r => r.Driver.SendLag.P99, Show.Ms),
                g.Range(r => r.Server.Machine.OthersPercent, v => Show.Text($"{v:0.0}")),
                g.Carried);
        }
    }

    private static void Terminals(StringBuilder text, IReadOnlyList<RowGroup> groups)
    {
        if (groups.Count == 0)
            return;
        text.Append("\nFace terminals beside them; milliseconds from the intended time of the frame that decided\n\n");
        Line(text, "beside", "terminals", "frames a second", "frame to decision p50", "p95", "p99", "max", "decisions", "too late", "busy frames", "recognised", "taken for another", "not recognised", "people enrolled", "terminals' lag p99");
        Line(text, Enumerable.Range(0, 15).Select(i => i is 0 ? "---" : "---:").ToArray());
        foreach (var g in groups)
        {
            long Sum(Func<DriverTerminals, long> count) => g.Rows.Sum(r => r.Driver.Terminals is { } terminals ? count(terminals) : 0);
            string Times(Func<Percentiles, double> of) => g.Range(r => of(r.Driver.Terminals!.FrameToDecision), Show.Ms);
            var first = g.First.Driver.Terminals!;
            Line(
                text,
                Head(g),
                Show.Count(first.Count),
                Show.Text($"{first.FramesPerSecond:0.##}"),
                Times(p => p.P50),
                Times(p => p.P95),
                Times(p => p.P99),
                Times(p => p.Max),
                Show.Count(Sum(t => t.DecisionCount)),
                Show.Count(Sum(t => t.TimedOut)),
                Show.Text($"{Sum(t => t.BusyFrames):#,0} of {Sum(t => t.Frames.Values.Sum()):#,0}"),
                Show.Count(Sum(t => t.Recognised)),
                Show.Count(Sum(t => t.TakenForAnother)),
                Show.Count(Sum(t => t.NotRecognised)),
                Show.Text($"{first.PeopleEnrolled:#,0} of {first.People:#,0}"),
                g.Range(r => r.Driver.Terminals!.SendLag.P99, Show.Ms));
        }
    }

    /// <summary>All runs together: a loss is not averaged away.</summary>
    private static string Lost(RowGroup group, Func<DriverResult, long> lost, Func<DriverResult, long> all) =>
        Show.Text($"{group.Rows.Sum(r => lost(r.Driver)):#,0} of {group.Rows.Sum(r => all(r.Driver)):#,0}");

    private static void Stages(StringBuilder text, IReadOnlyList<RowGroup> groups)
    {
        text.Append("\nServer's CPU by stage, ms an interview-second (medians)\n\n");
        Line(text, ["stage", .. groups.Select(Head)]);
        Line(text, ["---", .. groups.Select(_ => "---:")]);
        foreach (var stage in groups.SelectMany(g => g.Rows).SelectMany(r => r.Server.Stages).Select(s => s.Stage).Distinct(StringComparer.Ordinal))
            Line(text, [stage, .. groups.Select(g => Show.Cost(g.Median(r => r.Server.Stages.Where(s => s.Stage == stage).Sum(s => s.CpuMsPerInterviewSecond))))]);
        Line(text, ["**all**", .. groups.Select(g => $"**{Show.Cost(g.Median(r => r.Server.CpuMsPerInterviewSecond))}**")]);
    }

    private static void Pool(StringBuilder text, IReadOnlyList<RowGroup> groups)
    {
        text.Append("\nRows a run; mean wait for it; mean CPU of it, ms (first run of each load)\n\n");
        Line(text, ["model", .. groups.Select(Head)]);
        Line(text, ["---", .. groups.Select(_ => "---:")]);
        foreach (var model in groups.SelectMany(g => g.First.Server.Models).Select(m => m.Model).Distinct(StringComparer.Ordinal))
        {
            Line(
                text,
                [
                    model,
                    .. groups.Select(g => g.First.Server.Models.FirstOrDefault(m => m.Model == model) is { } m ? Show.Text($"{m.RowsPerRun:0.0}; {m.QueueMeanMs:0.0}; {m.ComputeMeanMs:0.00}") : "-"),
                ]);
        }
    }

    private static void Places(StringBuilder text, IReadOnlyList<RowGroup> groups)
    {
        foreach (var row in groups.SelectMany(g => g.Rows).DistinctBy(r => (r.Environment.Cpu, r.Environment.Commit, r.Environment.GarbageCollector, Settings: string.Join(';', r.Environment.ServerSettings), r.Server.Nice, r.Driver.SendersGoFirst)))
        {
            var e = row.Environment;
            text.Append(Show.Text(
                $"\n{e.VirtualCpus} vCPU {e.Cpu} ({string.Join(' ', e.CpuFlags)}), {e.MemoryGiB:0.#} GiB, {e.Hypervisor}, Linux {e.Kernel}, {e.DotNet} ({e.GarbageCollector}), ONNX Runtime {e.OnnxRuntime}, commit {e.Commit}; server at nice {row.Server.Nice?.ToString(CultureInfo.InvariantCulture) ?? "(unknown)"}, senders {(row.Driver.SendersGoFirst ? "at nice -10" : "not before it")}"));
            text.Append(e.ServerSettings.Count > 0 ? $", server's settings {string.Join("; ", e.ServerSettings)}.\n" : ".\n");
        }
    }

    private static string Head(RowGroup group) =>
        Show.Text($"{Show.Transport(group.First.Driver.Transport)} {group.First.Driver.Interviews}{Show.Beside(group.First.Driver)}{(group.First.Driver.Scenario == "steady" ? string.Empty : " " + group.First.Driver.Scenario)}");

    private static void Line(StringBuilder text, params IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
