namespace MediaScore.Inference;

/// <summary>A continuous batch's place in the pool.</summary>
public sealed class ContinuousBatchRegistration : IDisposable
{
    private readonly BatchScheduler _scheduler;

    internal ContinuousBatchRegistration(BatchScheduler scheduler, IContinuousBatch batch, ModelCounters counters) =>
        (_scheduler, Batch, Counters) = (scheduler, batch, counters);

    internal IContinuousBatch Batch { get; }

    internal ModelCounters Counters { get; }

    // The four below: under the scheduler's lock.
    internal bool IsRunning { get; set; }

    /// <summary>Since its present step began.</summary>
    internal bool IsSignalled { get; set; }

    /// <summary>Its last step threw, and nothing was signalled since.</summary>
    internal bool HasFaulted { get; set; }

    /// <summary>Its step was given up by the watchdog and has not returned: what the step uses must not be freed.</summary>
    public bool IsHung { get; internal set; }

    /// <summary>
    /// Says that <see cref="IContinuousBatch.HasWork"/> has turned true or that its deadline has become earlier. Cheap, from any thread, but not under a lock that
    /// the batch's properties take.
    /// </summary>
    public void Signal() => _scheduler.Signal(this);

    /// <summary>Counts one of the batch's requests that has ended, for the statistics. From any thread, but not under a lock that the batch's properties take.</summary>
    /// <param name="failed">In an exception other than cancellation.</param>
    public void CountEnded(bool failed) => _scheduler.CountEnded(this, failed);

    /// <summary>Ends the calls; waits for a step that is under way, so not from within one, unless it hangs (<see cref="IsHung"/>). Idempotent.</summary>
    public void Dispose() => _scheduler.Unregister(this);
}
