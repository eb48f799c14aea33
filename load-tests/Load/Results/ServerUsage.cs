using System.Text.Json.Serialization;

namespace MediaScore.Load.Results;

/// <summary>What the server's process used in the measured window, read from outside: its <c>/metrics</c> and <c>/proc</c>.</summary>
internal sealed record ServerUsage
{
    public required double Seconds { get; init; }

    /// <summary>The divisor of every "a interview-second" here, from the driver.</summary>
    public required double InterviewSeconds { get; init; }

    /// <summary>User and system time of all threads, those that have ended included.</summary>
    public required double CpuMsPerInterviewSecond { get; init; }

    /// <summary>The part of it that was for finished interviews (class Deferred): a cost of its own, not of those that run.</summary>
    public required double FinalPassCpuMsPerInterviewSecond { get; init; }

    /// <summary>What was done for finished interviews; null in rows of earlier builds.</summary>
    public FinalPassUsage? FinalPasses { get; init; }

    /// <summary>Parts of the total; they add up to it.</summary>
    public required IReadOnlyList<StageCost> Stages { get; init; }

    public required MemoryUsage Memory { get; init; }

    public required CollectionUsage Collections { get; init; }

    public required IReadOnlyList<ModelUsage> Models { get; init; }

    /// <summary>Requests of class Sampled that were refused by a full queue or dropped late.</summary>
    public required long SampledDropped { get; init; }

    /// <summary>Requests of that class that were answered; null in rows of earlier builds.</summary>
    public long? SampledAnswered { get; init; }

    /// <summary>Null where it is not known.</summary>
    [JsonIgnore]
    public double? SampledDroppedShare => SampledAnswered is { } answered ? SampledDropped / Math.Max(1.0, SampledDropped + answered) : null;

    /// <summary>Time in the just-in-time compiler: what of the cost is the warm-up's, not the load's. Null in rows of earlier builds.</summary>
    public double? CompilerMsPerInterviewSecond { get; init; }

    /// <summary>Of the server's process, as the kernel says it: 0 unless somebody has asked for another. Null in rows of earlier builds.</summary>
    public int? Nice { get; init; }

    public required int ThreadsMax { get; init; }

    public required int HandlesStart { get; init; }

    public required int HandlesEnd { get; init; }

    /// <summary>Bytes that the recordings and logs grew by, a second.</summary>
    public required double WrittenBytesPerSecond { get; init; }

    /// <summary>Datagrams that did not fit the socket's buffer: lost by the kernel before we could read them.</summary>
    public required long KernelDroppedDatagrams { get; init; }

    public required MachineUsage Machine { get; init; }

    /// <summary>All of the server's own counters that moved in the window, by how much: refusals by reason, recognitions begun early and given up, hung runs.</summary>
    public IReadOnlyDictionary<string, double> Counters { get; init; } = new Dictionary<string, double>();

    /// <summary>Its own gauges at the window's end: capacity, queues, final passes that wait.</summary>
    public IReadOnlyDictionary<string, double> Gauges { get; init; } = new Dictionary<string, double>();

    /// <summary>One entry a second of the window.</summary>
    public required IReadOnlyList<ServerSecond> Timeline { get; init; }
}

/// <summary>Final passes in the window. They are few: one that began before it or ends after it counts where it ends, so the cost of one is exact only over many.</summary>
/// <param name="FinishingAtStart">Interviews that had ended and had no report.</param>
/// <param name="Done">Passes that ended in the window.</param>
/// <param name="MediaSeconds">Length of those interviews.</param>
/// <param name="CpuSeconds">All that was computed for finished interviews, in the pool and beside it.</param>
internal sealed record FinalPassUsage(int FinishingAtStart, int Done, double MediaSeconds, double CpuSeconds, int FinishingAtEnd);

/// <param name="Source">Where the figure comes from: what a reader must know to trust it.</param>
internal sealed record StageCost(string Stage, double CpuMsPerInterviewSecond, string Source);

/// <param name="SlopeMiBPerHour">Least squares over the window's second half: the first half still fills pools. Of little meaning under ten minutes.</param>
internal sealed record MemoryUsage(double StartMiB, double EndMiB, double MaxMiB, double SlopeMiBPerHour, double ManagedHeapEndMiB);

/// <param name="PausePercent">Share of the window in which managed threads stood still.</param>
/// <param name="LongestPauseSecondMs">Most pause time in one second of sampling: an upper bound of the longest single pause.</param>
internal sealed record CollectionUsage(double AllocatedBytesPerSecond, double PausePercent, double LongestPauseSecondMs, long Generation0, long Generation1, long Generation2);

/// <summary>One model of the pool, in the window.</summary>
/// <param name="Rows">Answers given, padding not counted.</param>
/// <param name="Runs">Batches that they came in.</param>
/// <param name="CpuMsPerInterviewSecond">CPU of the workers inside the model.</param>
/// <param name="QueueMeanMs">Mean wait of a row for its batch.</param>
/// <param name="ComputeMeanMs">Mean CPU of one run.</param>
/// <param name="Batches">Rows of a run, by bucket.</param>
/// <param name="Queue">Waits in milliseconds, by bucket.</param>
/// <param name="Compute">CPU of a run in milliseconds, by bucket.</param>
internal sealed record ModelUsage(
    string Model, long Rows, long Runs, long Failed, double CpuMsPerInterviewSecond, double QueueMeanMs, double ComputeMeanMs, BucketCounts Batches, BucketCounts Queue, BucketCounts Compute)
{
    public double RowsPerRun => Runs == 0 ? 0 : (double)Rows / Runs;
}

/// <summary>A histogram as Prometheus has it, not cumulative.</summary>
/// <param name="UpperBounds">Inclusive; the last bucket has none and stands only in <paramref name="Counts"/>.</param>
/// <param name="Counts">One more than bounds.</param>
internal sealed record BucketCounts(IReadOnlyList<double> UpperBounds, IReadOnlyList<long> Counts)
{
    public static BucketCounts None { get; } = new([], [0]);

    public long Total => Counts.Sum();

    /// <summary>The bound under which this share of the values lies (the percentile's bucket, rounded up); null beyond the last bound or where nothing was counted.</summary>
    public double? BoundOf(double share)
    {
        var wanted = Total * share;
        long sum = 0;
        for (var i = 0; i < UpperBounds.Count; i++)
        {
            sum += Counts[i];
            if (sum > 0 && sum >= wanted)
                return UpperBounds[i];
        }

        return null;
    }
}

/// <summary>All processes on the CPUs that this run may use, in the window: whether a row was measured alone.</summary>
/// <param name="BusyPercent">Of all of them together.</param>
/// <param name="OthersPercent">Of the cores that the run may use: what neither the server nor the driver used. A row with much of it was measured on a busy machine.</param>
/// <param name="StealPercent">What the hypervisor gave to others.</param>
internal sealed record MachineUsage(double BusyPercent, double OthersPercent, double StealPercent)
{
    /// <summary>The same as <see cref="OthersPercent"/>, in cores.</summary>
    public double OthersCores { get; init; }
}

/// <summary>One second of the server.</summary>
/// <param name="CpuPercent">Of one core: 200 is two cores.</param>
/// <param name="StagesPercent">The same by stage of <see cref="ServerUsage.Stages"/>, in their order.</param>
internal sealed record ServerSecond(int Second, double CpuPercent, IReadOnlyList<double> StagesPercent, double ResidentMiB, double AllocatedMiB, double PauseMs, int Threads, int Handles);
