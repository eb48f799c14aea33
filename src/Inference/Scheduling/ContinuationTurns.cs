using System.Collections.Concurrent;

namespace MediaScore.Inference;

/// <summary>
/// Runs on the thread pool what waited for answers, and lets everything else that waits there go between any two. A batch answers a hundred callers in one moment, each with a fraction of a millisecond of
/// work to do: put into the pool's queue together they kept a request that came after them waiting for tens of milliseconds at each of its steps. Here one work item stands for all of them;
/// it queues itself again, behind whoever has come meanwhile, before it runs one, so that another thread may take the next. Thread-safe; allocates nothing once warm.
/// </summary>
internal sealed class ContinuationTurns : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<(Action<object?> Continuation, object? State)> _waiting = new();

    // This is in the pool's queue, or about to be, exactly while it is above zero.
    private int _count;

    /// <summary>From any thread; never runs the continuation itself.</summary>
    public void Add(Action<object?> continuation, object? state)
    {
        _waiting.Enqueue((continuation, state));
        if (Interlocked.Increment(ref _count) == 1)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        _waiting.TryDequeue(out var next);
        if (Interlocked.Decrement(ref _count) > 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        next.Continuation(next.State);
    }
}
