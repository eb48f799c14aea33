namespace MediaScore.Inference;

/// <summary>
/// Work of many steps whose members join and leave between steps (an autoregressive decoder). The pool asks it under its own lock, so the properties must be
/// cheap, must not block and must not call the pool; <see cref="Step"/> runs outside the lock, on one worker at a time.
/// </summary>
public interface IContinuousBatch
{
    /// <summary>Name in metrics and statistics.</summary>
    string Name { get; }

    /// <summary>True while a step has something to do. After it turns true call <see cref="ContinuousBatchRegistration.Signal"/>.</summary>
    bool HasWork { get; }

    /// <summary>The most urgent class of its members.</summary>
    RequestClass MostUrgentClass { get; }

    /// <summary>Earliest deadline of the members of that class, as <see cref="TimeProvider.GetTimestamp"/> of the pool's <see cref="InferencePool.Time"/>.</summary>
    long EarliestDeadline { get; }

    /// <summary>Requests that wait to become members: its queue depth.</summary>
    int WaitingCount => 0;

    /// <summary>Members of class <see cref="RequestClass.Deferred"/> that the last step advanced; read on the thread that stepped.</summary>
    int DeferredCount { get; }

    /// <summary>
    /// One batched step, on a pool worker thread. It must not throw for one member's sake: it fails that member. What it throws nevertheless is logged,
    /// and the batch is not asked again before the next <see cref="ContinuousBatchRegistration.Signal"/>.
    /// </summary>
    /// <returns>Members advanced, for the statistics; a request that has ended is counted by <see cref="ContinuousBatchRegistration.CountEnded"/>.</returns>
    int Step();

    /// <summary>
    /// A step has not ended within the limit of a run: whoever waits is to be failed with this, from another thread than the one that hangs in the step. Called
    /// again while that lasts; should the step return, stepping goes on.
    /// </summary>
    void GiveUp(Exception reason)
    {
    }
}
