using System.Collections.Concurrent;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A clock on which every wait is over at once, and has taken as long as it should have.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private static readonly long Start = new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;

    private long _passed;

    /// <summary>What was waited for, in order.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _passed);

    public override DateTimeOffset GetUtcNow() => new(Start + GetTimestamp(), TimeSpan.Zero);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
            return new Over();
        Waits.Enqueue(dueTime);
        Pass(dueTime);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
