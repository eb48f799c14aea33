using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>
/// Lets open streams end before the listener stops: a status that is written while its connection closes may never arrive, and the client then has to guess. The host
/// awaits this before it stops anything else.
/// </summary>
internal sealed class StreamDrain(InterviewConductor conductor, TimeProvider time) : IHostedLifecycleService
{
    // Streams end in milliseconds once the conductor stops; what takes longer has a client that reads nothing.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // A handler's status is sent after it has returned; this is that and a slow loopback, not a wait for work.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openCount;
    private int _stopping;

    public void Enter() => Interlocked.Increment(ref _openCount);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _openCount) == 0 && Volatile.Read(ref _stopping) != 0)
            _empty.TrySetResult();
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _stopping, 1);
        conductor.BeginStop();
        if (Volatile.Read(ref _openCount) == 0)
            return;
        await Task.WhenAny(_empty.Task, Task.Delay(Limit, time, cancellationToken));
        await Task.Delay(Grace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
