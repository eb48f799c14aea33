using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Recording;

/// <summary>What a committer did so far.</summary>
/// <param name="RoundCount">Rounds.</param>
/// <param name="FlushCount">Disk flushes.</param>
/// <param name="FlushTime">Time of all flushes together (they run beside each other, so it may exceed the time that passed).</param>
/// <param name="RoundTime">Time of all rounds that have ended, from a round's first flush asked for to its last one done; one runs at a time.</param>
/// <param name="RoundAge">How long the round that runs now has run; zero where none does. A disk that hangs ends no round.</param>
public readonly record struct GroupCommitStatistics(long RoundCount, long FlushCount, TimeSpan FlushTime, TimeSpan RoundTime, TimeSpan RoundAge);

/// <summary>
/// The one loop of a process that makes logs durable: whoever needs durability asks, all that ask within one round share it, and a log is flushed at most once a
/// round. One for all interviews. Thread-safe. Dispose it after the logs.
/// </summary>
public sealed partial class GroupCommitter : IAsyncDisposable
{
    // LongestUnflushedMs (800 by default) and one interval keep the promise of one second.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    // A clock may begin at zero.
    private const long NoRound = long.MinValue;

    private readonly Lock _gate = new();
    private readonly HashSet<ICommitTarget> _targets = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FlushQueue _flushes = new();
    private readonly GroupCommitOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _loop;
    private Dictionary<ICommitTarget, TaskCompletionSource> _asked = [];
    private long _roundCount;
    private long _flushCount;
    private long _flushTicks;
    private long _roundTicks;
    private long _roundBegan = NoRound;
    private int _disposed;

    public GroupCommitter(TimeProvider timeProvider, GroupCommitOptions? options = null, ILogger<GroupCommitter>? logger = null)
    {
        TimeProvider = timeProvider;
        _options = options ?? new GroupCommitOptions();
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        // Threads of their own: a flush blocks for as long as the disk likes, and the thread pool serves everybody else.
        for (var i = 0; i < _options.Parallelism; i++)
            new Thread(FlushQueued) { IsBackground = true, Name = $"mediascore flush {i}" }.Start();
        _loop = Task.Run(RunAsync);
        _timer = timeProvider.CreateTimer(_ => AskForOldest(), state: null, CheckInterval, CheckInterval);
    }

    internal TimeProvider TimeProvider { get; }

    public GroupCommitStatistics Statistics =>
        new(
            Interlocked.Read(ref _roundCount),
            Interlocked.Read(ref _flushCount),
            TimeSpan.FromTicks(Interlocked.Read(ref _flushTicks)),
            TimeSpan.FromTicks(Interlocked.Read(ref _roundTicks)),
            Interlocked.Read(ref _roundBegan) is var began && began == NoRound ? TimeSpan.Zero : TimeProvider.GetElapsedTime(began));

    internal void Register(ICommitTarget target)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            _targets.Add(target);
        }
    }

    internal void Unregister(ICommitTarget target)
    {
        lock (_gate)
            _targets.Remove(target);
    }

    /// <summary>Completes after a flush that began after this call; fails with <see cref="LogStorageException"/>.</summary>
    internal Task CommitAsync(ICommitTarget target)
    {
        TaskCompletionSource? done;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (_asked.TryGetValue(target, out done))
                return done.Task;
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Add(target, done);
        }

        _wake.Writer.TryWrite(true);
        return done.Task;
    }

    /// <summary>Ends the loop after one last round.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed != 0)
                return;
            _disposed = 1;
        }

        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        _wake.Writer.Complete();
        await _loop;
        _flushes.Complete();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var spacing = TimeSpan.FromMilliseconds(_options.SpacingMs);
        long? lastStart = null;
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            if (lastStart is { } start && spacing - TimeProvider.GetElapsedTime(start) is { Ticks: > 0 } rest)
                await Task.Delay(rest, TimeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lastStart = TimeProvider.GetTimestamp();
            await RunRoundAsync();
        }

        await RunRoundAsync();
    }

    private async Task RunRoundAsync()
    {
        Dictionary<ICommitTarget, TaskCompletionSource> round;
        lock (_gate)
        {
            if (_asked.Count == 0)
                return;
            (round, _asked) = (_asked, []);
        }

        var began = TimeProvider.GetTimestamp();
        Interlocked.Exchange(ref _roundBegan, began);
        foreach (var (target, done) in round)
            _flushes.Add(target, done);
        await Task.WhenAll(round.Values.Select(done => done.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Exchange(ref _roundBegan, NoRound);
        Interlocked.Add(ref _roundTicks, TimeProvider.GetElapsedTime(began).Ticks);
        Interlocked.Increment(ref _roundCount);
        RecordingMeter.RoundSize.Record(round.Count);
    }

    private void FlushQueued()
    {
        while (_flushes.Take(out var target, out var done))
        {
            var start = TimeProvider.GetTimestamp();
            Exception? fault = null;
            try
            {
                target.Commit();
            }
            catch (Exception thrown)
            {
                fault = thrown;
                RecordingMeter.FlushFaults.Add(1);
                LogFlushFailed(_logger, thrown.Message);
            }

            var elapsed = TimeProvider.GetElapsedTime(start);
            Interlocked.Increment(ref _flushCount);
            Interlocked.Add(ref _flushTicks, elapsed.Ticks);
            RecordingMeter.Flushes.Add(1);
            RecordingMeter.FlushDuration.Record(elapsed.TotalSeconds);
            if (fault is null)
                done.SetResult();
            else
                done.SetException(fault);
        }
    }

    private void AskForOldest()
    {
        var longest = TimeSpan.FromMilliseconds(_options.LongestUnflushedMs);
        ICommitTarget[] targets;
        lock (_gate)
            targets = [.. _targets];
        // Outside the lock: a log takes its own lock to answer, and asks for commits from within others.
        foreach (var target in targets.Where(target => target.UnflushedSince is { } since && TimeProvider.GetElapsedTime(since) >= longest))
            Ask(target);
    }

    /// <summary>Nobody waits for this one. A fault stays with the log, whose next caller hears of it.</summary>
    private void Ask(ICommitTarget target)
    {
        lock (_gate)
        {
            if (_disposed != 0 || _asked.ContainsKey(target))
                return;
            _asked.Add(target, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        _wake.Writer.TryWrite(true);
    }

    [LoggerMessage(1, LogLevel.Error, "A log could not be made durable: {Fault}")]
    private static partial void LogFlushFailed(ILogger logger, string fault);
}
