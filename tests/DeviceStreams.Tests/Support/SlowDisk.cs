using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A disk that a test makes wait, or fail, before anything is written.</summary>
internal sealed class SlowDisk : SaveChangesInterceptor
{
    private TaskCompletionSource? _held;
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Fails { get; set; }

    /// <summary>Ends when somebody waits for the disk.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>Whoever writes from now on waits.</summary>
    public void Hold()
    {
        _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

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

        return Fails ? throw new IOException("No space left on device.") : result;
    }
}
