using MediaScore.Load.Results;

namespace MediaScore.Load.Server;

/// <summary>From samples to the figures of a row.</summary>
internal static class UsageSummary
{
    /// <summary>Seconds that all threads were in the just-in-time compiler.</summary>
    public const string CompilerTime = "dotnet_jit_compilation_time_seconds_total";

    private const double MiB = 1 << 20;
    private const string QueueCount = "mediascore_inference_queue_time_seconds_count";

    /// <param name="samples">In order; at least two.</param>
    public static ServerUsage Of(IReadOnlyList<UsageSample> samples, double interviewSeconds, TimeProvider time)
    {
        var (first, last) = (samples[0], samples[^1]);
        var seconds = time.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds;
        double PerInterviewSecond(double cpuSeconds) => interviewSeconds > 0 ? cpuSeconds * 1000 / interviewSeconds : 0;
        var account = StageAccount.Between(first, last);
        var stages = InOrder(account);
        var perSecond = Seconds(samples, stages.Select(s => s.Stage).ToList(), time);
        return new ServerUsage
        {
            Seconds = seconds,
            InterviewSeconds = interviewSeconds,
            CpuMsPerInterviewSecond = PerInterviewSecond(last.Process.CpuSeconds - first.Process.CpuSeconds),
            FinalPassCpuMsPerInterviewSecond = PerInterviewSecond(account.GetValueOrDefault(StageAccount.FinalPass)),
            FinalPasses = new FinalPassUsage(
                (int)first.Metrics.Sum("mediascore_interviews_finishing"),
                (int)Difference(first, last, "mediascore_final_pass_done_total"),
                Difference(first, last, "mediascore_final_pass_media_seconds_total"),
                account.GetValueOrDefault(StageAccount.FinalPass),
                (int)last.Metrics.Sum("mediascore_interviews_finishing")),
            Stages = [.. stages.Select(s => new StageCost(s.Stage, PerInterviewSecond(account[s.Stage]), s.Source))],
            Memory = MemoryOf(samples, time),
            Collections = new CollectionUsage(
                Difference(first, last, "dotnet_gc_heap_total_allocated_bytes_total") / seconds,
                Difference(first, last, "dotnet_gc_pause_time_seconds_total") / seconds * 100,
                perSecond.Select(s => s.PauseMs).DefaultIfEmpty().Max(),
                Generation(first, last, "gen0"),
                Generation(first, last, "gen1"),
                Generation(first, last, "gen2")),
            Models = ModelAccount.Between(first.Metrics, last.Metrics, interviewSeconds),
            SampledDropped = (long)Difference(first, last, "mediascore_inference_requests_dropped_total"),
            SampledAnswered = (long)(last.Metrics.Sum(QueueCount, ("class", "sampled")) - first.Metrics.Sum(QueueCount, ("class", "sampled"))),
            CompilerMsPerInterviewSecond = PerInterviewSecond(Difference(first, last, CompilerTime)),
            Nice = last.Process.Nice,
            ThreadsMax = samples.Max(s => s.Process.ThreadCount),
            HandlesStart = first.Process.HandleCount,
            HandlesEnd = last.Process.HandleCount,
            WrittenBytesPerSecond = Difference(first, last, "mediascore_recording_written_bytes_total") / seconds,
            KernelDroppedDatagrams = (long)Difference(first, last, "mediascore_webrtc_datagrams_kernel_dropped_total"),
            Machine = MachineOf(first, last),
            Counters = Moved(first.Metrics, last.Metrics),
            Gauges = Sorted(last.Metrics.Gauges()),
            Timeline = perSecond,
        };
    }

    /// <summary>Least squares, MiB an hour. Zero for fewer than three points.</summary>
    public static double SlopePerHour(IReadOnlyList<(double Seconds, double MiB)> points)
    {
        if (points.Count < 3)
            return 0;
        var (x, y) = (points.Average(p => p.Seconds), points.Average(p => p.MiB));
        var below = points.Sum(p => (p.Seconds - x) * (p.Seconds - x));
        return below > 0 ? points.Sum(p => (p.Seconds - x) * (p.MiB - y)) / below * 3600 : 0;
    }

    private static List<(string Stage, string Source)> InOrder(Dictionary<string, double> account)
    {
        var others = StageAccount.Sources.Where(s => account.ContainsKey(s.Stage)).ToList();
        var models = account.Keys.Where(stage => others.All(o => o.Stage != stage)).OrderByDescending(stage => account[stage]).Select(stage => (stage, StageAccount.ModelSource));
        // Models after the way of the data, before what is overhead.
        var way = others.TakeWhile(s => s.Stage is not (StageAccount.FinalPass or StageAccount.PoolItself)).ToList();
        return [.. way, .. models, .. others.Skip(way.Count)];
    }

    private static List<ServerSecond> Seconds(IReadOnlyList<UsageSample> samples, List<string> stages, TimeProvider time)
    {
        var result = new List<ServerSecond>(samples.Count);
        for (var i = 1; i < samples.Count; i++)
        {
            var (from, to) = (samples[i - 1], samples[i]);
            var seconds = time.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds;
            // The last sample may come right behind a tick; of a tenth of a second, figures a second mean nothing.
            if (seconds < 0.5)
                continue;
            var account = StageAccount.Between(from, to);
            result.Add(new ServerSecond(
                (int)Math.Round(time.GetElapsedTime(samples[0].Timestamp, to.Timestamp).TotalSeconds),
                (to.Process.CpuSeconds - from.Process.CpuSeconds) / seconds * 100,
                [.. stages.Select(stage => Math.Round(account.GetValueOrDefault(stage) / seconds * 100, 2))],
                Math.Round(to.Process.ResidentMiB, 1),
                Math.Round(Difference(from, to, "dotnet_gc_heap_total_allocated_bytes_total") / MiB / seconds, 3),
                Math.Round(Difference(from, to, "dotnet_gc_pause_time_seconds_total") * 1000, 2),
                to.Process.ThreadCount,
                to.Process.HandleCount));
        }

        return result;
    }

    private static MemoryUsage MemoryOf(IReadOnlyList<UsageSample> samples, TimeProvider time)
    {
        var points = samples.Select(s => (time.GetElapsedTime(samples[0].Timestamp, s.Timestamp).TotalSeconds, s.Process.ResidentMiB)).ToList();
        return new MemoryUsage(
            points[0].ResidentMiB,
            points[^1].ResidentMiB,
            points.Max(p => p.ResidentMiB),
            SlopePerHour(points[(points.Count / 2)..]),
            samples[^1].Metrics.Sum("dotnet_gc_last_collection_heap_size_bytes") / MiB);
    }

    private static MachineUsage MachineOf(UsageSample first, UsageSample last)
    {
        var all = last.Machine.All - first.Machine.All;
        if (all <= 0)
            return new MachineUsage(0, 0, 0);
        var busy = last.Machine.Busy - first.Machine.Busy;
        var ours = last.Process.CpuSeconds - first.Process.CpuSeconds + last.OwnCpuSeconds - first.OwnCpuSeconds;
        // A quota can give less than the CPUs that the kernel shows: then the same core is more of what the run has.
        var seconds = all / AllowedCpus.OfThisProcess().Count;
        var othersCores = Math.Max(0, busy - ours) / seconds;
        return new MachineUsage(busy / all * 100, othersCores / Environment.ProcessorCount * 100, (last.Machine.Steal - first.Machine.Steal) / all * 100) { OthersCores = othersCores };
    }

    private static SortedDictionary<string, double> Moved(MetricsSnapshot from, MetricsSnapshot to)
    {
        var before = Sorted(from.Counters());
        return Sorted(to.Counters().Select(c => KeyValuePair.Create(c.Key, Math.Round(c.Value - before.GetValueOrDefault(c.Key), 6))).Where(c => c.Value != 0));
    }

    /// <summary>The same row, the same order.</summary>
    private static SortedDictionary<string, double> Sorted(IEnumerable<KeyValuePair<string, double>> values)
    {
        var sorted = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // Two meters of one name differ in nothing that is left of their labels.
        foreach (var (name, value) in values)
            sorted[name] = sorted.GetValueOrDefault(name) + value;
        return sorted;
    }

    private static long Generation(UsageSample first, UsageSample last, string generation) =>
        (long)(last.Metrics.Sum("dotnet_gc_collections_total", ("gc_heap_generation", generation)) - first.Metrics.Sum("dotnet_gc_collections_total", ("gc_heap_generation", generation)));

    private static double Difference(UsageSample from, UsageSample to, string name) => Math.Max(0, to.Metrics.Sum(name) - from.Metrics.Sum(name));
}
