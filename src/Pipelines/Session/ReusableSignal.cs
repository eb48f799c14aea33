using System.Threading.Tasks.Sources;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// Tells one waiter that something has changed; what, the waiter looks up itself. A signal that comes while nobody waits is kept, once. Neither waiting nor telling
/// allocates, which is why it is here: a semaphore's waiter costs 370 bytes, fifty times a second and session. Thread-safe, but for one waiter at a time.
/// </summary>
internal sealed class ReusableSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancelled;
    private bool _isSet;
    private bool _isWaiting;

    /// <summary>Wakes the waiter, on a thread of the pool, or the next one who comes.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet = true;
                return;
            }

            _isWaiting = false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits for the next signal, or takes the one that is kept. Await the task once, before the next call.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            if (_isWaiting)
                throw new InvalidOperationException("Somebody waits for this signal already.");
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled(cancellationToken);
            _core.Reset();
            _cancelled = default;
            _isWaiting = true;
        }

        // Kept until the waiter takes its result: then no callback of this wait can meet the next one.
        _registration = cancellationToken.UnsafeRegister(static (signal, token) => ((ReusableSignal)signal!).Cancel(token), this);
        return new ValueTask(this, _core.Version);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_cancelled.IsCancellationRequested)
            _core.SetException(new OperationCanceledException(_cancelled));
        else
            _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_isWaiting)
                return;
            _isWaiting = false;
            _cancelled = cancellationToken;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
