using System.Collections.Concurrent;
using MediaScore.Inference;

namespace MediaScore.Pipelines.FinalPass;

/// <summary>
/// One thread for what all final passes compute outside the pool: reading, decoding, features. So they never take more than one core's time from what is live, however
/// many there are, and what they cost is that thread's CPU time.
/// </summary>
internal sealed class FinalPassThread : TaskScheduler, IDisposable
{
    // No bound of its own: it holds the continuations of the passes that run, which are few and have a handful of steps under way each.
    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread _thread;
    private readonly TimeProvider _time;
    private long _cpuNanoseconds;
    private long _elapsedTicks;
    private RunQueueClock? _runQueue;

    public FinalPassThread(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Loop) { Name = "final-pass", IsBackground = true };
        _thread.Start();
    }

    /// <summary>CPU time of the thread so far; zero where the system does not tell (see <see cref="ThreadCpuClock"/>).</summary>
    public TimeSpan CpuTime => TimeSpan.FromMicroseconds(Volatile.Read(ref _cpuNanoseconds) / 1000);

    /// <summary>
    /// Time that it has wanted a core, and what it got of that; zero where the system tells neither. Waiting for the disk, a lock or a collection is no wish for a core, unless
    /// the system tells only how long a step took (<see cref="RunQueueClock"/>): then a slow disk looks like a busy core, and passes are slower than they would need to be.
    /// </summary>
    public (TimeSpan Wanted, TimeSpan Cpu) Spent
    {
        get
        {
            if (!ThreadCpuClock.IsSupported)
                return default;
            if (Volatile.Read(ref _runQueue) is not { } runQueue)
                return (TimeSpan.FromTicks(Volatile.Read(ref _elapsedTicks)), CpuTime);
            // Who asks is usually in the middle of a step.
            if (Thread.CurrentThread == _thread)
                Volatile.Write(ref _cpuNanoseconds, ThreadCpuClock.Now);
            var cpu = CpuTime;
            return (cpu + runQueue.Waited, cpu);
        }
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs what is still queued and ends the thread. Whatever comes later runs on the thread pool, so that nobody waits for ever.</summary>
    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        try
        {
            _tasks.Add(task);
        }
        catch (InvalidOperationException)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => TryExecuteTask(task), null);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    private void Loop()
    {
        using var runQueue = RunQueueClock.TryOpen();
        Volatile.Write(ref _runQueue, runQueue);
        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            var began = _time.GetTimestamp();
            TryExecuteTask(task);
            Volatile.Write(ref _elapsedTicks, _elapsedTicks + _time.GetElapsedTime(began).Ticks);
            Volatile.Write(ref _cpuNanoseconds, ThreadCpuClock.Now);
        }
    }
}
