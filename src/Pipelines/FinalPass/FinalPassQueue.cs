using System.Diagnostics.Metrics;

namespace MediaScore.Pipelines.FinalPass;

/// <summary>
/// Lets the final passes of a process take turns: a few at once, on one thread. Who waits here has its recording on disk and its session in memory; whoever leads the sessions
/// closes those that are too many, and they wait again when they are opened again, in this process or the next. Thread-safe.
/// </summary>
public sealed class FinalPassQueue : IDisposable
{
    private readonly int _concurrency;
    private readonly TimeProvider _time;
    private readonly FinalPassThread _thread;
    private readonly Lock _gate = new();

    // As many as sessions are open whose interview has ended.
    private readonly List<Waiter> _waiting = [];
    private int _running;
    private int _liveCount;
    private long _doneCount;
    private long _mediaMicroseconds;
    private Meter? _meter;

    public FinalPassQueue(FinalPassOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_concurrency, _time) = (options.Concurrency, time);
        Costs = new PipelineCosts(time);
        _thread = new FinalPassThread(time);
        Pace = new FinalPassPace(time, () => _thread.Spent, () => Volatile.Read(ref _liveCount) > 0);
    }

    /// <summary>Where the stages of the passes are accounted, apart from the live ones.</summary>
    public PipelineCosts Costs { get; }

    /// <summary>How fast the passes read.</summary>
    internal FinalPassPace Pace { get; }

    /// <summary>Passes that could run at once.</summary>
    public int Concurrency => _concurrency;

    /// <summary>Passes that have not had their turn, of sessions that are open: whatever waits on disk is not among them.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Passes that have their turn now.</summary>
    public int RunningCount => Volatile.Read(ref _running);

    /// <summary>Passes that have ended well, since the process began.</summary>
    public long DoneCount => Interlocked.Read(ref _doneCount);

    /// <summary>CPU time outside the pool, of all passes. The pool counts its own part (<see cref="Inference.ModelStatistics.DeferredComputeSeconds"/>).</summary>
    public TimeSpan CpuTime => _thread.CpuTime;

    /// <summary>Publishes <c>mediascore.final_pass.*</c>.</summary>
    public FinalPassQueue Publish(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(PipelineCosts.MeterName) ?? new Meter(PipelineCosts.MeterName);
        _meter.CreateObservableGauge("mediascore.final_pass.waiting", () => WaitingCount, "{interview}", "Open sessions of interviews that have ended and wait for their final pass; more may wait on disk");
        _meter.CreateObservableGauge("mediascore.final_pass.running", () => RunningCount, "{interview}", "Interviews whose final pass runs");
        _meter.CreateObservableCounter("mediascore.final_pass.done", () => DoneCount, "{interview}", "Final passes that have ended well");
        _meter.CreateObservableCounter("mediascore.final_pass.media", () => Interlocked.Read(ref _mediaMicroseconds) / 1e6, "s", "Media of those interviews");
        _meter.CreateObservableGauge("mediascore.final_pass.pace", () => Pace.Rate, "1", "Media seconds that final passes may read a second: less where others want the cores");
        _meter.CreateObservableCounter("mediascore.final_pass.cpu.time", () => CpuTime.TotalSeconds, "s", "CPU time of final passes outside the inference pool");
        return this;
    }

    /// <summary>An interview is heard live until <see cref="EndLive"/>: passes keep out of its way.</summary>
    public void BeginLive() => Interlocked.Increment(ref _liveCount);

    /// <summary>It is heard live no more: once for each <see cref="BeginLive"/>.</summary>
    public void EndLive() => Interlocked.Decrement(ref _liveCount);

    /// <summary>
    /// Waits for a turn and runs the pass on the passes' thread, to which it returns after each of its waits; behind a <c>ConfigureAwait(false)</c> it would go on beside that
    /// thread, unpaced and not accounted for.
    /// </summary>
    /// <param name="expected">How long it will take, roughly: whoever comes later but needs less may go first, and nobody waits for ever.</param>
    /// <param name="media">Length of the interview, for the account.</param>
    /// <param name="waits">Called when its turn is not at once.</param>
    /// <exception cref="OperationCanceledException">It was given up, before its turn or within the pass.</exception>
    /// <exception cref="Exception">Whatever the pass throws, as it is: this queue adds none of its own, and the next one has its turn.</exception>
    public async Task RunAsync(
        TimeSpan expected, TimeSpan media, Func<CancellationToken, Task> pass, CancellationToken cancellationToken, Action? waits = null)
    {
        ArgumentNullException.ThrowIfNull(pass);
        await EnterAsync(expected, waits, cancellationToken);
        try
        {
            await Task.Factory.StartNew(() => pass(cancellationToken), cancellationToken, TaskCreationOptions.DenyChildAttach, _thread).Unwrap();
            Interlocked.Increment(ref _doneCount);
            Interlocked.Add(ref _mediaMicroseconds, (long)media.TotalMicroseconds);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>After all sessions are closed.</summary>
    public void Dispose()
    {
        _meter?.Dispose();
        Costs.Dispose();
        _thread.Dispose();
    }

    private async Task EnterAsync(TimeSpan expected, Action? waits, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(_time.GetTimestamp() + (long)(expected.TotalSeconds * _time.TimestampFrequency));
        lock (_gate)
        {
            if (_running < _concurrency)
            {
                _running++;
                return;
            }

            _waiting.Add(waiter);
        }

        waits?.Invoke();
        await using var registration = cancellationToken.Register(() => GiveUp(waiter, cancellationToken));
        await waiter.Turn.Task;
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Not there any more: it has its turn.
            if (!_waiting.Remove(waiter))
                return;
        }

        waiter.Turn.TrySetCanceled(cancellationToken);
    }

    private void Leave()
    {
        Waiter? next;
        lock (_gate)
        {
            next = _waiting.MinBy(waiter => waiter.DoneBy);
            if (next is null)
                _running--;
            else
                _waiting.Remove(next);
        }

        next?.Turn.TrySetResult();
    }

    /// <param name="doneBy">When it would be done if it began as it came: the order of turns. It lies in the past of whoever comes late enough, so none is passed over for ever.</param>
    private sealed class Waiter(long doneBy)
    {
        public long DoneBy { get; } = doneBy;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
