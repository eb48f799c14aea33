using Microsoft.Extensions.Logging;

namespace MediaScore.Inference;

/// <summary>
/// Decides what the workers run next. One lock covers all queues; nothing under it blocks or runs a model.
/// </summary>
/// <remarks>
/// <para>A batch may run when it is full, when all expected callers are in it (<see cref="ExpectedCallers"/>) or when one of its rows has waited its class's time.
/// Of those that may, the one with the most urgent class runs, then the one with the earliest deadline.</para>
/// <para>Two rules keep the classes from each other: while <c>Deferred</c> work waits, one batch in <see cref="InferenceOptions.DeferredShare"/> is given to it;
/// and while <c>Live</c> or <c>Terminal</c> requests come, one worker takes nothing else, because a long deferred run cannot be interrupted.</para>
/// </remarks>
internal sealed partial class BatchScheduler : IDisposable
{
    // Live sound comes every 32 ms; a second without any means that nobody is speaking to us now.
    private const int UrgentMemoryMs = 1000;

    private readonly Lock _loadGate = new();
    private readonly object _gate = new();
    private readonly InferenceOptions _options;
    private readonly PoolClock _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly ITimer _watch;
    private readonly int _workerCount;
    private readonly long _lookPeriod;
    private readonly long[] _batchWaits;
    private readonly List<ModelQueue> _queues = [];
    private readonly List<ContinuousBatchRegistration> _continuous = [];

    // By name, and kept when a batch is unregistered: the statistics tell what was done, also by what has gone.
    private readonly OrderedDictionary<string, ModelCounters> _continuousCounters = [];
    private long _timerDue = long.MaxValue;
    private long _lastUrgent;
    private long _sequence;
    private int _idleWorkers;
    private int _unregistering;
    private int _lowClassRunning;
    private int _deferredPassedOver;
    private bool _stopping;
    private bool _closed;

    public BatchScheduler(InferencePool owner, InferenceOptions options, int workerCount, TimeProvider time, ILogger logger)
    {
        (_options, _workerCount, _clock, _logger) = (options, workerCount, new PoolClock(time), logger);
        _batchWaits =
        [
            _clock.FromMilliseconds(options.LiveBatchWaitMs),
            _clock.FromMilliseconds(options.TerminalBatchWaitMs),
            _clock.FromMilliseconds(options.SampledBatchWaitMs),
            _clock.FromMilliseconds(options.DeferredBatchWaitMs),
        ];
        _lastUrgent = _clock.Now - _clock.FromMilliseconds(UrgentMemoryMs);
        _timer = time.CreateTimer(static state => ((BatchScheduler)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var look = TimeSpan.FromSeconds((double)options.RunLimitSeconds / LooksPerLimit);
        _lookPeriod = _clock.FromTimeSpan(look);
        (_lookedAt, _liveWorkerCount) = (_clock.Now, workerCount);
        _watch = time.CreateTimer(static state => ((BatchScheduler)state!).LookForHungRuns(), this, look, look);
        Meter = new InferenceMeter(
            owner,
            MeasureDepths,
            () => Measure(static queue => queue.Slots.Count),
            () => Measure(queue => OldestWaitSeconds(queue, _clock.Now)),
            MeasureDeferred);
    }

    public InferenceMeter Meter { get; }

    public PoolClock Clock => _clock;

    /// <summary>Adds a model, or gives the one that is there under its name.</summary>
    public ModelQueue AddModel(ModelLoad load, Func<(ModelHandle Handle, IBatchModel Model)> open)
    {
        lock (_loadGate)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_stopping, typeof(InferencePool));
                if (_queues.Find(queue => queue.Handle.Name == load.Name) is { } known)
                {
                    return known.Handle.Load.Path == load.Path
                        ? known
                        : throw new InvalidOperationException($"Model '{load.Name}' is loaded from {known.Handle.Load.Path}; it cannot be loaded from {load.Path} too.");
                }
            }

            var (handle, model) = open();
            var queue = new ModelQueue(this, handle, model, _options.QueueCapacity);
            handle.Queue = queue;
            lock (_gate)
            {
                if (_stopping)
                {
                    model.Dispose();
                    throw new ObjectDisposedException(nameof(InferencePool));
                }

                _queues.Add(queue);
            }

            LogLoaded(load.Name, load.Path, load.MaxBatch);
            return queue;
        }
    }

    /// <exception cref="ArgumentException">The handle is another pool's.</exception>
    public ModelQueue QueueOf(ModelHandle model) =>
        model.Queue is { } queue && queue.Scheduler == this ? queue : throw new ArgumentException($"Model '{model.Name}' belongs to another pool.", nameof(model));

    public ContinuousBatchRegistration Register(IContinuousBatch batch)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(InferencePool));
            if (!_continuousCounters.TryGetValue(batch.Name, out var counters))
                _continuousCounters.Add(batch.Name, counters = new ModelCounters(batch.Name));
            var registration = new ContinuousBatchRegistration(this, batch, counters);
            _continuous.Add(registration);
            return registration;
        }
    }

    public void Unregister(ContinuousBatchRegistration registration)
    {
        lock (_gate)
        {
            _continuous.Remove(registration);
            _unregistering++;
            while (registration.IsRunning && !registration.IsHung)
                Monitor.Wait(_gate);
            _unregistering--;
        }
    }

    public void Signal(ContinuousBatchRegistration registration)
    {
        lock (_gate)
        {
            (registration.IsSignalled, registration.HasFaulted) = (true, false);
            if (!registration.IsRunning)
                Wake();
        }
    }

    /// <summary>Counts a request of a continuous batch, whose queue is its own.</summary>
    public void CountEnded(ContinuousBatchRegistration registration, bool failed)
    {
        lock (_gate)
        {
            registration.Counters.Requests++;
            registration.Counters.Failed += failed ? 1 : 0;
        }

        if (failed)
            Meter.Failed.Add(1, registration.Counters.Tag);
    }

    /// <summary>Queues a request. Its answer may be there when the call returns.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public void Submit(PendingRow row)
    {
        PendingRow? refused;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(InferencePool));
            if (row.Slot is { } slot)
                Occupy(slot);
            refused = Enqueue(row, _clock.Now);
            if (refused is not null)
                End(refused, dropped: true);
        }

        refused?.Complete(RunOutcome.RefusedQueueFull);
        if (refused is not null)
            Meter.Dropped.Add(1, row.Queue.Counters.Tag);
    }

    /// <summary>Takes a row out of the queue; one that runs sees the token itself, and ends after its present step.</summary>
    public void Cancel(PendingRow row)
    {
        lock (_gate)
        {
            if (row.Where is not (PendingRow.Place.Queued or PendingRow.Place.WaitingForPlace))
                return;
            row.Queue.Remove(row);
            End(row);
        }

        row.Fail(new OperationCanceledException(row.CancellationToken));
    }

    private PendingRow? Enqueue(PendingRow row, long now)
    {
        var wait = _batchWaits[(int)row.Class];
        if (row.Queue.Handle.Load.MaxBatchWait is { } limit)
            wait = Math.Min(wait, _clock.FromTimeSpan(limit));
        (row.EnqueuedAt, row.RunBy, row.Sequence) = (now, Math.Min(now + wait, row.Deadline), _sequence++);
        if (row.Class <= RequestClass.Terminal)
            _lastUrgent = now;
        var refused = row.Queue.Enqueue(row);

        // No worker is woken for a row that has to wait: the timer wakes one when its time has come. Busy workers look again by themselves.
        if (_idleWorkers > 0)
        {
            if (row.Queue.FindLeader(now, _stopping) is not null)
                Wake();
            else
                ArmTimer(row.RunBy, now);
        }

        return refused;
    }

    /// <summary>Counts a request that has ended and frees its slot; the caller completes its task outside the lock.</summary>
    private void End(PendingRow row, bool dropped = false)
    {
        row.Where = PendingRow.Place.Outside;
        row.Queue.Counters.Requests++;
        if (row.Class == RequestClass.Sampled)
            row.Queue.Counters.SampledRequests++;
        if (dropped)
            row.Queue.Counters.Dropped++;
        if (row.Slot is { } slot)
            (slot.IsBusy, slot.UsedAt) = (false, _clock.Now);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerDue = long.MaxValue;
            Wake();
        }
    }

    private void ArmTimer(long due, long now)
    {
        if (due >= _timerDue)
            return;
        _timerDue = due;
        _timer.Change(_clock.ToTimerSpan(due - now), Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        // A thread that waits to unregister shares the monitor and could swallow the one pulse.
        if (_unregistering > 0)
            Monitor.PulseAll(_gate);
        else if (_idleWorkers > 0)
            Monitor.Pulse(_gate);
    }
}
