namespace MediaScore.Inference;

/// <summary>
/// The recurrent state of one stream (one interview's voice activity) in a model. One step at a time: a second step before the first has ended throws
/// <see cref="InvalidOperationException"/>. A failed or cancelled step leaves the state as it was.
/// </summary>
public sealed class StateSlot : IDisposable
{
    private readonly BatchScheduler _scheduler;

    internal StateSlot(BatchScheduler scheduler, ModelQueue queue, string owner)
    {
        (_scheduler, Queue, Owner) = (scheduler, queue, owner);
        State = new float[queue.Handle.Load.State!.RowShape.ElementCount];
    }

    internal enum Condition
    {
        Open,

        /// <summary>Given back by its owner.</summary>
        Disposed,

        /// <summary>Taken back by the pool because it was idle for too long.</summary>
        Reaped,
    }

    public ModelHandle Model => Queue.Handle;

    /// <summary>Who opened it, named when it leaks.</summary>
    public string Owner { get; }

    /// <summary>Steps that ended well since it was opened. For its owner, between two steps.</summary>
    public long StepCount { get; internal set; }

    internal ModelQueue Queue { get; }

    /// <summary>Row-major, without the batch axis. Written by the worker that runs the slot's step.</summary>
    internal float[] State { get; }

    // The three below: under the scheduler's lock.
    internal bool IsBusy { get; set; }

    internal Condition Is { get; set; }

    internal long UsedAt { get; set; }

    /// <summary>Back to zeros: a new stream begins.</summary>
    /// <exception cref="InvalidOperationException">A step is under way.</exception>
    public void Reset() => _scheduler.ResetSlot(this);

    /// <summary>Gives the slot back; a step under way still ends. Idempotent.</summary>
    public void Dispose() => _scheduler.CloseSlot(this);
}
