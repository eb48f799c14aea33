using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Recording.Tests.Support;

/// <summary>A fake clock that says when somebody began to wait, so a test advances it at the right moment instead of again and again.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The next single wait; periodic timers don't count.</summary>
    public async Task<TimeSpan> NextWaitAsync(TimeSpan patience) => await _waits.Reader.ReadAsync().AsTask().WaitAsync(patience);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
