using MediaScore.Load.Results;

namespace MediaScore.Load.Server;

/// <summary>What the pool did for each model between two readings of its metrics.</summary>
internal static class ModelAccount
{
    private const string BatchSize = "mediascore_inference_batch_size";
    private const string Compute = "mediascore_inference_compute_time_seconds";
    private const string Queue = "mediascore_inference_queue_time_seconds";
    private const string Failed = "mediascore_inference_requests_failed_total";

    /// <summary>The models that ran, the costliest first.</summary>
    public static IReadOnlyList<ModelUsage> Between(MetricsSnapshot from, MetricsSnapshot to, double interviewSeconds) =>
    [
        .. to.Values(BatchSize + "_count", "model").Select(model => Of(model, from, to, interviewSeconds)).Where(m => m.Runs > 0).OrderByDescending(m => m.CpuMsPerInterviewSecond),
    ];

    private static ModelUsage Of(string model, MetricsSnapshot from, MetricsSnapshot to, double interviewSeconds)
    {
        (string Label, string Value) tag = ("model", model);
        // Deferred work waits for as long as live work wants: its wait says nothing of what people feel.
        (string Label, string Value) deferred = ("class", "deferred");
        double Difference(string name) => to.Sum(name, tag) - from.Sum(name, tag);
        double Live(string name) => Difference(name) - (to.Sum(name, tag, deferred) - from.Sum(name, tag, deferred));
        var runs = (long)Difference(BatchSize + "_count");
        var computeSeconds = Difference(Compute + "_sum");
        var waits = Live(Queue + "_count");
        return new ModelUsage(
            model,
            (long)Difference(BatchSize + "_sum"),
            runs,
            (long)Difference(Failed),
            interviewSeconds > 0 ? computeSeconds * 1000 / interviewSeconds : 0,
            waits > 0 ? Live(Queue + "_sum") * 1000 / waits : 0,
            runs > 0 ? computeSeconds * 1000 / runs : 0,
            Subtract(from.Buckets(BatchSize, tag), to.Buckets(BatchSize, tag)),
            Milliseconds(Subtract(from.Buckets(Queue, tag, deferred), to.Buckets(Queue, tag, deferred))),
            Milliseconds(Subtract(from.Buckets(Compute, tag), to.Buckets(Compute, tag))));
    }

    private static BucketCounts Subtract(BucketCounts from, BucketCounts to) =>
        from.Counts.Count == to.Counts.Count ? to with { Counts = [.. to.Counts.Zip(from.Counts, (now, before) => now - before)] } : to;

    private static BucketCounts Milliseconds(BucketCounts seconds) => seconds with { UpperBounds = [.. seconds.UpperBounds.Select(b => Math.Round(b * 1000, 4))] };
}
