namespace MediaScore.Load.Server;

/// <summary>
/// Splits the CPU of the server between two samples over what it was for. Threads with a purpose of their own are counted by the kernel; what runs on the shared thread
/// pool is known from the server's own stage times, which are elapsed time and may not take more than those threads had. What nothing claims is "rest", so the parts add up.
/// </summary>
internal static class StageAccount
{
    /// <summary>What the pool did for requests that can wait: no part of an interview's live cost.</summary>
    public const string FinalPass = "final pass (deferred)";

    public const string Rest = "requests, timeline, scoring, rest";

    private const string NetworkLoop = "network loop, SRTP";
    private const string Handshakes = "DTLS handshakes";
    private const string Flushes = "recording, flushes";
    private const string Collections = "garbage collection";
    private const string Compiler = "compiler";
    internal const string PoolItself = "pool itself";

    // Names of threads by their beginning: the kernel keeps 15 bytes.
    private static readonly (string Prefix, string Stage)[] Threads =
    [
        ("webrtc", NetworkLoop),
        ("dtls-", Handshakes),
        ("mediascore flus", Flushes),
        ("flush", Flushes),
        (".NET BGC", Collections),
        (".NET Server GC", Collections),
        (".NET Tiered", Compiler),
        ("final-pass", FinalPass),
    ];

    private static readonly (string Label, string Stage)[] PipelineStages =
    [
        ("Recording", "recording"),
        ("AudioDecode", "audio decode"),
        ("VideoDecode", "video decode"),
        ("AudioFeatures", "audio features"),
    ];

    private const string ByThread = "the thread's CPU time";
    private const string ByStageTime = "elapsed time of code that doesn't wait (mediascore.pipeline.compute.time)";

    /// <summary>All stages that there can be but the models, with where their figures come from; in the order of a chart's layers.</summary>
    public static IReadOnlyList<(string Stage, string Source)> Sources { get; } =
    [
        (NetworkLoop, ByThread),
        (Handshakes, ByThread),
        ("recording", ByStageTime),
        (Flushes, ByThread),
        ("audio decode", ByStageTime),
        ("video decode", ByStageTime),
        ("audio features", ByStageTime),
        (FinalPass, "the thread's CPU time, and CPU time inside models (mediascore.inference.compute.deferred)"),
        (PoolItself, "CPU time of the pool's workers outside models"),
        (Collections, "the collector's threads, and elapsed pauses"),
        (Compiler, ByThread),
        (Rest, "what is left of the process's CPU time"),
    ];

    /// <summary>A model's stage is its name.</summary>
    public const string ModelSource = "CPU time inside the model (mediascore.inference.compute.time)";

    /// <returns>CPU seconds by stage; their sum is the process's.</returns>
    public static Dictionary<string, double> Between(UsageSample from, UsageSample to)
    {
        var stages = new Dictionary<string, double>(StringComparer.Ordinal);
        var workers = 0.0;
        var named = 0.0;
        foreach (var (thread, seconds) in to.Process.Threads)
        {
            var used = seconds - from.Process.Threads.GetValueOrDefault(thread);
            if (thread.Name.StartsWith("inference-", StringComparison.Ordinal))
                workers += used;
            else if (Threads.FirstOrDefault(t => thread.Name.StartsWith(t.Prefix, StringComparison.Ordinal)) is { Stage: { } stage })
                Add(stages, stage, used);
            else
                continue;
            named += used;
        }

        AddModels(stages, from.Metrics, to.Metrics, workers);

        // The two clocks differ by up to a tick: a rest is never negative.
        var left = Math.Max(0, to.Process.CpuSeconds - from.Process.CpuSeconds - named);
        var claims = new List<(string Stage, double Seconds)>();
        foreach (var (label, stage) in PipelineStages)
            claims.Add((stage, Difference(from.Metrics, to.Metrics, "mediascore_pipeline_compute_time_seconds_total", ("stage", label))));
        claims.Add((Collections, Difference(from.Metrics, to.Metrics, "dotnet_gc_pause_time_seconds_total")));
        var claimed = claims.Sum(c => c.Seconds);
        var scale = claimed > left ? left / claimed : 1;
        foreach (var (stage, seconds) in claims)
            Add(stages, stage, seconds * scale);
        Add(stages, Rest, left - (claimed * scale));
        return stages;
    }

    private static void AddModels(Dictionary<string, double> stages, MetricsSnapshot from, MetricsSnapshot to, double workers)
    {
        const string Compute = "mediascore_inference_compute_time_seconds_sum";
        const string Deferred = "mediascore_inference_compute_deferred_seconds_total";
        var models = new List<(string Stage, double Seconds)>();
        foreach (var model in to.Values(Compute, "model"))
        {
            var seconds = Difference(from, to, Compute, ("model", model));
            var deferred = Math.Min(seconds, Difference(from, to, Deferred, ("model", model)));
            if (seconds > deferred)
                models.Add((model, seconds - deferred));
            if (deferred > 0)
                models.Add((FinalPass, deferred));
        }

        var sum = models.Sum(m => m.Seconds);
        // A run that ends after the first sample began before it: of one second, models can seem to take more than the workers had.
        var scale = sum > workers && sum > 0 ? workers / sum : 1;
        foreach (var (stage, seconds) in models)
            Add(stages, stage, seconds * scale);
        Add(stages, PoolItself, workers - (sum * scale));
    }

    private static double Difference(MetricsSnapshot from, MetricsSnapshot to, string name, params (string Label, string Value)[] labels) =>
        Math.Max(0, to.Sum(name, labels) - from.Sum(name, labels));

    private static void Add(Dictionary<string, double> stages, string stage, double seconds) => stages[stage] = stages.GetValueOrDefault(stage) + seconds;
}
