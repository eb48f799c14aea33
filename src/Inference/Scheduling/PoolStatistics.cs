namespace MediaScore.Inference;

/// <summary>What the pool has done since it started. A snapshot; the difference of two is what happened between them.</summary>
/// <param name="WorkerCount">Worker threads.</param>
/// <param name="Models">Models, then continuous batches by name (also those that have gone), in the order of loading.</param>
public sealed record PoolStatistics(int WorkerCount, IReadOnlyList<ModelStatistics> Models);

/// <param name="Requests">Requests that ended, however they ended.</param>
/// <param name="Dropped"><see cref="RequestClass.Sampled"/> requests that were refused or late.</param>
/// <param name="Failed">Requests that ended in an exception other than cancellation.</param>
/// <param name="Batches">Runs of the model; not steps of a continuous batch that advanced nobody.</param>
/// <param name="Rows">Rows in those runs, padding not counted.</param>
/// <param name="QueueSeconds">Sum over requests of the time from the call to the start of the run.</param>
/// <param name="ComputeSeconds">
/// CPU seconds of the worker threads inside the model: thread CPU time on Linux, elapsed time elsewhere (see <see cref="ComputeIsCpuTime"/>). It includes gathering and scattering rows.
/// </param>
/// <param name="ComputeIsCpuTime">False where only elapsed time could be had.</param>
/// <param name="QueueDepth">Rows waiting now.</param>
/// <param name="OpenSlots">Recurrent slots open now.</param>
public sealed record ModelStatistics(
    string Name,
    long Requests,
    long Dropped,
    long Failed,
    long Batches,
    long Rows,
    double QueueSeconds,
    double ComputeSeconds,
    bool ComputeIsCpuTime,
    int QueueDepth,
    int OpenSlots)
{
    /// <summary>
    /// The part of <see cref="ComputeSeconds"/> that was for <see cref="RequestClass.Deferred"/> requests, by their share of the rows: work that can wait is no load
    /// that would keep anybody out.
    /// </summary>
    public double DeferredComputeSeconds { get; init; }

    /// <summary>Runs by their rows, padding not counted; the bounds are those of the metric <c>mediascore.inference.batch.size</c>.</summary>
    public IReadOnlyList<Bucket> BatchSizes { get; init; } = [];

    /// <summary>Rows by their time in the queue in seconds; the bounds are those of <c>mediascore.inference.queue.time</c>. Empty for a continuous batch, whose queue is its own.</summary>
    public IReadOnlyList<Bucket> QueueTimes { get; init; } = [];

    /// <summary>How long the row that waits longest has waited; 0 where none does.</summary>
    public double OldestWaitSeconds { get; init; }

    /// <summary>The same of <see cref="RequestClass.Live"/> rows only. Where no run begins at all, only this tells.</summary>
    public double OldestLiveWaitSeconds { get; init; }

    /// <summary>Rows of <see cref="RequestClass.Live"/> requests that a run was begun for.</summary>
    public long LiveRows { get; init; }

    /// <summary>Sum over those rows of the time that they waited for it. A pool that is too small shows here first.</summary>
    public double LiveQueueSeconds { get; init; }

    /// <summary><see cref="RequestClass.Sampled"/> requests that ended, <see cref="Dropped"/> ones among them.</summary>
    public long SampledRequests { get; init; }
}
