using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A disk that a test makes wait, or fail, before anything is written.</summary>
internal sealed class SlowDisk : SaveChangesInterceptor
{
    private TaskCompletionSource? _held;
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _writesLeft = int.MaxValue;

    public bool Fails
    {
        get => _writesLeft <= 0;
        set => _writesLeft = value ? 0 : int.MaxValue;
    }

    /// <summary>Ends when somebody waits for the disk.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>Whoever writes from now on waits.</summary>
    public void Hold()
    {
        _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>So many more writes, and it is full. Those that wait are among them.</summary>
    public void FailsAfter(int writes) => _writesLeft = writes;

    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (_held is { } held)
        {
            _waiting.TrySetResult();
            await held.Task;
        }

        return Interlocked.Decrement(ref _writesLeft) < 0 ? throw new IOException("No space left on device.") : result;
    }
}
