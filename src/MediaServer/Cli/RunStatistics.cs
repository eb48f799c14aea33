using System.Diagnostics;
using System.Runtime;
using MediaScore.Inference;
using MediaScore.MediaServer.Hosting;
using MediaScore.Pipelines;
using Spectre.Console;

namespace MediaScore.MediaServer.Cli;

/// <summary>
/// CPU seconds per second of media, by stage, between two moments of a process that holds the server: models from the pool's account, decoding and recording
/// from the pipelines', the just-in-time compiler's from the runtime (a fixed price of each process, not of its media), everything else (network, host, this
/// client, garbage collection) as the rest of the process's CPU time. FFmpeg is a process of its own. What the final pass took of all stages is told apart.
/// </summary>
internal sealed class RunStatistics
{
    private readonly MediaServerHost _host;
    private readonly PoolStatistics _poolBefore;
    private readonly Dictionary<PipelineStage, double> _costsBefore;
    private readonly double _finalPassBefore;
    private readonly TimeSpan _processBefore;
    private readonly TimeSpan _compilingBefore = JitInfo.GetCompilationTime();
    private readonly long _began = TimeProvider.System.GetTimestamp();

    private RunStatistics(MediaServerHost host)
    {
        _host = host;
        _poolBefore = host.Pool;
        _costsBefore = Enum.GetValues<PipelineStage>().ToDictionary(s => s, Cost);
        _finalPassBefore = FinalPass();
        _processBefore = ProcessCpu();
    }

    public static RunStatistics Begin(MediaServerHost? host) =>
        new(host ?? throw new CliException(ExitCode.BadInput, "--stats needs the server inside: leave --server out, or read the running server's /metrics."));

    public void Print(CliConsole console, bool json, TimeSpan media)
    {
        var wall = TimeProvider.System.GetElapsedTime(_began);
        var stages = Stages();
        var total = (ProcessCpu() - _processBefore).TotalSeconds;
        stages["jit"] = (JitInfo.GetCompilationTime() - _compilingBefore).TotalSeconds;
        stages["rest"] = Math.Max(0, total - stages.Values.Sum());
        var seconds = Math.Max(media.TotalSeconds, 1e-3);
        if (json)
        {
            console.WriteJson(new
            {
                @event = "stats",
                mediaSeconds = Math.Round(media.TotalSeconds, 3),
                wallSeconds = Math.Round(wall.TotalSeconds, 3),
                cpuSeconds = Math.Round(total, 3),
                finalPassPerMediaSecond = Math.Round((FinalPass() - _finalPassBefore) / seconds, 5),
                cpuPerMediaSecond = stages.ToDictionary(s => s.Key, s => Math.Round(s.Value / seconds, 5)),
            });
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Stage", "CPU s", "CPU s per media s");
        foreach (var (stage, cpu) in stages)
            table.AddRow(stage, $"{cpu:0.000}", $"{cpu / seconds:0.00000}");
        table.AddRow("of these, final pass", $"{FinalPass() - _finalPassBefore:0.000}", $"{(FinalPass() - _finalPassBefore) / seconds:0.00000}");
        table.AddRow("[bold]all[/]", $"[bold]{total:0.000}[/]", $"[bold]{total / seconds:0.00000}[/]");
        console.Out.Write(table);
        console.WriteLine($"{media.TotalSeconds:0.0} s of media in {wall.TotalSeconds:0.0} s");
    }

    private Dictionary<string, double> Stages()
    {
        var before = _poolBefore.Models.ToDictionary(m => m.Name, m => m.ComputeSeconds);
        var models = _host.Pool.Models.Select(m => (m.Name, Seconds: m.ComputeSeconds - before.GetValueOrDefault(m.Name))).ToList();
        double Model(Func<string, bool> named) => models.Where(m => named(m.Name)).Sum(m => m.Seconds);

        var known = new Dictionary<string, double>
        {
            ["decode"] = SinceBefore(PipelineStage.AudioDecode) + SinceBefore(PipelineStage.VideoDecode),
            ["vad"] = Model(n => n.StartsWith("silero", StringComparison.Ordinal)),
            ["asr encoder"] = Model(n => n.EndsWith("/encoder", StringComparison.Ordinal)),
            ["asr decoder"] = Model(n => n.EndsWith("/decoder", StringComparison.Ordinal)),
            ["sentence encoder"] = Model(n => n.StartsWith("minilm", StringComparison.Ordinal)),
            ["audio features"] = SinceBefore(PipelineStage.AudioFeatures),
            ["recording"] = SinceBefore(PipelineStage.Recording),
        };
        known["face"] = models.Sum(m => m.Seconds) - known["vad"] - known["asr encoder"] - known["asr decoder"] - known["sentence encoder"];
        return known;
    }

    private double SinceBefore(PipelineStage stage) => Cost(stage) - _costsBefore[stage];

    private double Cost(PipelineStage stage) => _host.Costs.Seconds(stage) + _host.FinalPasses.Costs.Seconds(stage);

    /// <summary>Requests that could wait, and what is computed for them outside the pool.</summary>
    private double FinalPass() => _host.Pool.Models.Sum(m => m.DeferredComputeSeconds) + _host.FinalPasses.CpuTime.TotalSeconds;

    private static TimeSpan ProcessCpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
