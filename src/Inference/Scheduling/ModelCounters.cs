namespace MediaScore.Inference;

/// <summary>Counts of one model since the start. Not thread-safe: the scheduler's lock covers it.</summary>
internal sealed class ModelCounters(string name)
{
    /// <summary>The model's name as a metric tag, made once.</summary>
    public KeyValuePair<string, object?> Tag { get; } = new("model", name);

    public long Requests { get; set; }

    public long Dropped { get; set; }

    public long Failed { get; set; }

    public long Batches { get; set; }

    public long Rows { get; set; }

    public double QueueSeconds { get; set; }

    public double ComputeSeconds { get; set; }

    public double DeferredComputeSeconds { get; set; }

    public long LiveRows { get; set; }

    public double LiveQueueSeconds { get; set; }

    public long SampledRequests { get; set; }

    public BucketCounts BatchSizes { get; } = new([.. InferenceMeter.RowBounds]);

    public BucketCounts QueueTimes { get; } = new(InferenceMeter.SecondBounds);

    public ModelStatistics ToStatistics(int queueDepth, int openSlots, double oldestWaitSeconds = 0, double oldestLiveWaitSeconds = 0) => new(
        name, Requests, Dropped, Failed, Batches, Rows, QueueSeconds, ComputeSeconds, ThreadCpuClock.IsSupported, queueDepth, openSlots)
    {
        DeferredComputeSeconds = DeferredComputeSeconds,
        BatchSizes = BatchSizes.ToBuckets(),
        QueueTimes = QueueTimes.ToBuckets(),
        OldestWaitSeconds = oldestWaitSeconds,
        OldestLiveWaitSeconds = oldestLiveWaitSeconds,
        LiveRows = LiveRows,
        LiveQueueSeconds = LiveQueueSeconds,
        SampledRequests = SampledRequests,
    };
}
