using System.Globalization;
using MediaScore.Load.Results;

namespace MediaScore.Load.Report;

/// <summary>The tables of one row's report.</summary>
internal static class ReportTables
{
    public static void Clients(Html page, DriverResult driver)
    {
        page.Heading("What the clients saw");
        page.Paragraph("Open model: starts and sends keep to their times whatever the server does; every latency counts from the intended time of a send. Milliseconds.", "quiet");
        var distributions = new List<(string Name, Percentiles Of)>
        {
            ("end of speech to caption", driver.EndOfSpeechToCaption),
            ("capture to durable", driver.CaptureToDurable),
            ("intended request to refusal", driver.Refusal),
            ("driver's own lag (requests)", driver.RequestLag),
            ("driver's own lag (sends)", driver.SendLag),
        };
        if (driver.Terminals is { } terminals)
            distributions.AddRange([("frame to decision", terminals.FrameToDecision), ("terminals' own lag (frames)", terminals.SendLag)]);
        if (driver.Recovery is { } recovery)
            distributions.AddRange([("captions before", recovery.Before), ("captions meanwhile, admitted interviews", recovery.During), ("captions afterwards", recovery.After)]);
        page.Table(
            ["", "#count", "#p50", "#p90", "#p95", "#p99", "#p99.9", "#max"],
            distributions.Where(d => d.Of.Count > 0).Select(d => (IReadOnlyList<string>)
                [d.Name, Show.Count(d.Of.Count), Show.Ms(d.Of.P50), Show.Ms(d.Of.P90), Show.Ms(d.Of.P95), Show.Ms(d.Of.P99), Show.Ms(d.Of.P999), Show.Ms(d.Of.Max)]));
        var facts = new List<(string, string)>
        {
            ("interviews asked for, started, refused, failed (whole run)", Show.Text($"{driver.Interviews}, {driver.Started}, {driver.Refused}, {driver.Failed}")),
            ("audio packets sent, recorded, lost (whole run)", Show.Text($"{driver.AudioPacketsSent:#,0}, {driver.AudioPacketsRecorded:#,0}, {driver.AudioPacketsLost:#,0}")),
            ("video frames sent, recorded, lost (whole run)", Show.Text($"{driver.VideoFramesSent:#,0}, {driver.VideoFramesRecorded:#,0}, {driver.VideoFramesLost:#,0}")),
            ("sends that came due while a write waited for the server (in no lag)", Show.Text($"{driver.SendsBehindServer:#,0}")),
            ("captions expected, received, missing (whole run)", Show.Text($"{driver.CaptionsExpected:#,0}, {driver.CaptionsReceived:#,0}, {driver.CaptionsMissing:#,0} ({driver.UtterancesSpoken:#,0} utterances spoken, {driver.UtterancesUnheard:#,0} unheard)")),
            ("of the window: ends that noise hides, not timed; captions before their speech was due", Show.Text($"{driver.CaptionsUntimed:#,0}; {driver.CaptionsEarly:#,0}")),
            ("captions an interview-second", Show.Text($"{(driver.InterviewSeconds > 0 ? driver.CaptionsInWindow / driver.InterviewSeconds : 0):0.000} (of sound of the window; final ones, there are no partial ones)")),
            ("word errors at this load (whole run)", Show.Words(driver.Words)),
            ("of them heard while nobody spoke", Show.Count(driver.Words.Invented)),
            ("words changed against a run without load", driver.Against is { } against
                ? Show.Text($"{against.WordsChanged:#,0} of {against.Words:#,0}, in {against.SentencesChanged:#,0} of {against.Sentences:#,0} sentences ({against.Against}; {against.ReferenceVaries:#,0} sentences have more than one reading there)")
                : "not compared (--words-of)"),
            ("of them, the same sentence at the same time of the same interview", driver.Against is { } placed
                ? Show.Text($"{placed.InPlaceWordsChanged:#,0} of {placed.InPlaceWords:#,0}, {placed.InPlace:#,0} sentences: what the load alone has changed")
                : "-"),
            ("SHA-256 of all transcripts", driver.Words.TranscriptSha256.Length > 0 ? driver.Words.TranscriptSha256 : "-"),
            ("speech", Show.Text($"{driver.Media.SpeechRatio * 100:0} % of the time; {driver.Media.Speech}")),
            ("audio", driver.Media.Audio),
            ("video", driver.Media.Video.Length > 0 ? driver.Media.Video : "none"),
            ("starts", driver.Media.Starts),
            ("warm-up, measured window", Show.Text($"{driver.WarmUpSeconds:0} s, {driver.Seconds:0.0} s ({driver.InterviewSeconds:#,0} interview-seconds)")),
            ("driver's CPU", Show.Text($"{driver.DriverCpuMsPerInterviewSecond:0.00} ms an interview-second, on the same machine, the sampling of the server included")),
        };
        if (driver.Recovery is { } what)
        {
            if (driver.Scenario == "churn")
                facts.Add(("what happened", what.What));
            else
                facts.Add((what.What, what.SecondsToNormal is { } seconds ? Show.Text($"back to normal after {seconds:0.0} s") : "not back to normal within the run"));
            facts.Add(("sound lost meanwhile, over all interviews", Show.Text($"{what.AudioSecondsLost:0.0} s")));
        }

        facts.AddRange(driver.Failures.OrderByDescending(f => f.Value).Select(f => ("failed: " + f.Key, Show.Count(f.Value))));
        Facts(page, facts);
    }

    public static void Cpu(Html page, ServerUsage server)
    {
        page.Heading("Server's CPU by stage");
        page.Paragraph(
            Show.Text($"{server.CpuMsPerInterviewSecond:0.00} ms an interview-second in all, {server.FinalPassCpuMsPerInterviewSecond:0.00} of it for finished interviews. The parts add up to the kernel's account of the process."),
            "quiet");
        var most = server.Stages.Select(s => s.CpuMsPerInterviewSecond).DefaultIfEmpty().Max();
        page.Table(
            ["stage", "#ms", "#share", "", "from"],
            server.Stages.Select(s => (IReadOnlyList<string>)
            [
                Html.Escape(s.Stage),
                Show.Cost(s.CpuMsPerInterviewSecond),
                Show.Percent(server.CpuMsPerInterviewSecond > 0 ? s.CpuMsPerInterviewSecond / server.CpuMsPerInterviewSecond * 100 : 0),
                $"<i class=\"bar\" style=\"width:{(most > 0 ? (int)(s.CpuMsPerInterviewSecond / most * 120) : 0)}px\"></i>",
                $"<span class=\"quiet\">{Html.Escape(s.Source)}</span>",
            ]));
    }

    public static void Models(Html page, ServerUsage server)
    {
        page.Heading("Models on the pool");
        page.Paragraph(
            Show.Text($"Waits are of requests that cannot be deferred. p99 is the upper bound of its bucket. Sampled requests dropped: {server.SampledDropped:#,0}{(server.SampledDroppedShare is { } share ? $" ({share * 100:0.0} %)" : string.Empty)}. Raw kernels beside the pool: bench/README.md."), "quiet");
        page.Table(
            ["model", "#rows", "#runs", "#rows a run", "#wait, mean ms", "#wait, p99 ms", "#CPU of a run, mean ms", "#p99 ms", "#CPU ms an interview-second", "#failed"],
            server.Models.Select(m => (IReadOnlyList<string>)
            [
                Html.Escape(m.Model), Show.Count(m.Rows), Show.Count(m.Runs), Show.Text($"{m.RowsPerRun:0.0}"), Show.Text($"{m.QueueMeanMs:0.00}"), Bound(m.Queue), Show.Text($"{m.ComputeMeanMs:0.00}"), Bound(m.Compute),
                Show.Cost(m.CpuMsPerInterviewSecond), Show.Count(m.Failed),
            ]));
    }

    public static void Process(Html page, ServerUsage server, bool sendersGoFirst)
    {
        page.Heading("Server's process and the machine");
        var (memory, collections, machine) = (server.Memory, server.Collections, server.Machine);
        Facts(
            page,
            [
                ("resident memory at start, end, most", Show.Text($"{memory.StartMiB:#,0}, {memory.EndMiB:#,0}, {memory.MaxMiB:#,0} MiB")),
                ("its slope over the second half", Show.Text($"{memory.SlopeMiBPerHour:+#,0;-#,0;0} MiB an hour{(server.Seconds < 600 ? " (the run is too short for this to mean much)" : string.Empty)}")),
                ("managed heap at the end", Show.MiB(memory.ManagedHeapEndMiB)),
                ("managed allocation", Show.Text($"{collections.AllocatedBytesPerSecond / 1024:#,0} KiB a second, {(server.InterviewSeconds > 0 ? collections.AllocatedBytesPerSecond * server.Seconds / server.InterviewSeconds / 1024 : 0):#,0.0} KiB an interview-second")),
                ("collections of generation 0, 1, 2", Show.Text($"{collections.Generation0}, {collections.Generation1}, {collections.Generation2}")),
                ("collector's pauses", Show.Text($"{collections.PausePercent:0.00} % of the time, at most {collections.LongestPauseSecondMs:0.0} ms in one second")),
                ("nice value of the server; of the driver's senders", $"{server.Nice?.ToString(CultureInfo.InvariantCulture) ?? "-"}; {(sendersGoFirst ? "-10" : "not raised")}"),
                ("threads, most", Show.Count(server.ThreadsMax)),
                ("handles at start, end", Show.Text($"{server.HandlesStart}, {server.HandlesEnd}")),
                ("written to disk", Show.Text($"{server.WrittenBytesPerSecond / 1024:#,0} KiB a second")),
                ("datagrams that the kernel dropped", Show.Count(server.KernelDroppedDatagrams)),
                ("CPUs that may be used: busy; with other programs; taken by the hypervisor", Show.Text($"{machine.BusyPercent:0.0} %; {machine.OthersPercent:0.0} % ({machine.OthersCores:0.00} cores); {machine.StealPercent:0.0} %")),
                ("compiler at work in the window", server.CompilerMsPerInterviewSecond is { } compiler ? Show.Text($"{compiler:0.00} ms an interview-second: of the cost, the part that is not the load's") : "-"),
            ]);
    }

    public static void Counters(Html page, ServerUsage server)
    {
        page.Heading("All counters of the server");
        page.Paragraph("Those that moved, by how much in the window; then its gauges at the end. Names as on /metrics.", "quiet");
        page.Raw("<details><summary>Show them</summary>");
        Facts(page, server.Counters.Concat(server.Gauges).Select(c => (c.Key, Show.Text($"{c.Value:#,0.######}"))));
        page.Raw("</details>");
    }

    public static void Environment(Html page, LoadRow row)
    {
        var e = row.Environment;
        page.Heading("Where, and with what");
        Facts(
            page,
            [
                ("CPU", Show.Text($"{e.Cpu}; {e.VirtualCpus} vCPU on {e.PhysicalCores} cores that the kernel tells apart; {string.Join(' ', e.CpuFlags)}")),
                ("VNNI", e.CpuFlags.Any(f => f is "avx512_vnni" or "avx_vnni") ? "yes" : "no"),
                ("hypervisor; frequency governor", $"{e.Hypervisor}; {e.Governor}"),
                ("memory", Show.Text($"{e.MemoryGiB:0.0} GiB")),
                ("system", $"{e.OperatingSystem}, Linux {e.Kernel}; data on {e.DataFileSystem}"),
                (".NET; collector", $"{e.DotNet}; {e.GarbageCollector}"),
                ("ONNX Runtime", e.OnnxRuntime),
                ("commit", e.Commit),
                ("server's settings that differ from its defaults", e.ServerSettings.Count > 0 ? string.Join("; ", e.ServerSettings) : "none but ports, limits of one address, the number of interviews, and terminals that nobody has to approve"),
                ("seed", Show.Text($"{row.Driver.Seed}")),
            ]);
        page.Heading("Models and their files");
        page.Table(
            ["model", "version", "precision", "file", "SHA-256"],
            e.Models.SelectMany(m => m.Files.Select((f, i) => (IReadOnlyList<string>)[i == 0 ? Html.Escape(m.Model) : string.Empty, i == 0 ? Html.Escape(m.Version) : string.Empty, i == 0 ? Html.Escape(m.Precision) : string.Empty, Html.Escape(f.Name), $"<code>{f.Sha256}</code>"])));
    }

    internal static void Facts(Html page, IEnumerable<(string Name, string Value)> facts) =>
        page.Table(["", ""], facts.Select(f => (IReadOnlyList<string>)[$"<span class=\"quiet\">{Html.Escape(f.Name)}</span>", Html.Escape(f.Value)]));

    private static string Bound(BucketCounts buckets) => buckets.Total == 0 ? "-" : buckets.BoundOf(0.99) is { } bound ? Show.Text($"{bound:0.##}") : Show.Text($">{buckets.UpperBounds[^1]:0}");
}
