using System.Threading.Tasks.Sources;

namespace MediaScore.Load.Clients;

/// <summary>Wakes one waiter, again and again, without allocating. A call while nobody waits is kept, several are one. One waiter at a time.</summary>
internal sealed class WakeUp : IValueTaskSource
{
    private readonly Lock _gate = new();
    // On the caller's thread: the waiter hands one message to the network and returns.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = false };
    private bool _called;
    private bool _waiting;

    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_called)
            {
                _called = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    public void Call()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _called = true;
                return;
            }

            _waiting = false;
        }

        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
