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

    public FinalPassThread(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Loop) { Name = "final-pass", IsBackground = true };
        _thread.Start();
    }

    /// <summary>CPU time of the thread so far; zero where the system does not tell (see <see cref="ThreadCpuClock"/>).</summary>
    public TimeSpan CpuTime => TimeSpan.FromMicroseconds(Volatile.Read(ref _cpuNanoseconds) / 1000);

    /// <summary>Time that it has been computing, whether or not it had a core.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref _elapsedTicks));

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
        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            var began = _time.GetTimestamp();
            TryExecuteTask(task);
            Volatile.Write(ref _elapsedTicks, _elapsedTicks + _time.GetElapsedTime(began).Ticks);
            Volatile.Write(ref _cpuNanoseconds, ThreadCpuClock.Now);
        }
    }
}
