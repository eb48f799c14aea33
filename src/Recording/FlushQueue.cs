using System.Diagnostics.CodeAnalysis;

namespace MediaScore.Recording;

/// <summary>
/// What the flush threads have to do. They sleep while it is empty: a blocking collection spins before it sleeps, and rounds come every
/// few milliseconds. Thread-safe.
/// </summary>
internal sealed class FlushQueue
{
    private readonly object _gate = new();
    private readonly Queue<(ICommitTarget Target, TaskCompletionSource Done)> _waiting = [];
    private bool _completed;

    public void Add(ICommitTarget target, TaskCompletionSource done)
    {
        lock (_gate)
        {
            _waiting.Enqueue((target, done));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>No more will be added; what waits is still taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the next; false when there will be none.</summary>
    public bool Take([NotNullWhen(true)] out ICommitTarget? target, [NotNullWhen(true)] out TaskCompletionSource? done)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_completed)
                Monitor.Wait(_gate);
            (target, done) = _waiting.TryDequeue(out var next) ? next : default;
            return target is not null && done is not null;
        }
    }
}
