using System.Collections.Concurrent;

namespace MediaScore.Load.Measuring;

/// <summary>What all clients of a run saw. Thread-safe; times are timestamps of the run's clock.</summary>
internal sealed class LoadMeter(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<CaptionTime> _captionTimes = new();
    private long _windowFrom = long.MaxValue;
    private long _windowTo = long.MaxValue;
    private long _sendLagMaxTicks;
    private int _live;
    private int _started;
    private int _refused;
    private int _failed;
    private int _captions;
    private int _captionsInWindow;
    private int _captionsUntimed;
    private long _sendsBehindServer;

    public LatencySeries Captions { get; } = new();

    public LatencySeries Durable { get; } = new();

    public LatencySeries SendLag { get; } = new();

    /// <summary>From the time at which a place was to be asked for to the refusal.</summary>
    public LatencySeries Refusals { get; } = new();

    /// <summary>How late requests for a place were asked: this program's own lag, which refusals include.</summary>
    public LatencySeries RequestLag { get; } = new();

    /// <summary>From the intended time of the frame that decided to the decision at a terminal.</summary>
    public LatencySeries Decisions { get; } = new();

    /// <summary>How late terminals' own sends were.</summary>
    public LatencySeries TerminalLag { get; } = new();

    /// <summary>Sends that came due while a write waited for the server: not this program's lag, and not timed as such.</summary>
    public long SendsBehindServer => Volatile.Read(ref _sendsBehindServer);

    /// <summary>Interviews whose media flow.</summary>
    public int Live => Volatile.Read(ref _live);

    public int Started => Volatile.Read(ref _started);

    public int Refused => Volatile.Read(ref _refused);

    public int Failed => Volatile.Read(ref _failed);

    public int CaptionCount => Volatile.Read(ref _captions);

    /// <summary>Captions, of whole utterances and of parts, of sound that was due in the window.</summary>
    public int CaptionsInWindow => Volatile.Read(ref _captionsInWindow);

    /// <summary>Captions for the ends of utterances in the window whose end the recording's noise hides: in no latency.</summary>
    public int CaptionsUntimed => Volatile.Read(ref _captionsUntimed);

    public IReadOnlyDictionary<string, int> Failures => _failures;

    public void OpenWindow() => Volatile.Write(ref _windowFrom, time.GetTimestamp());

    public void CloseWindow() => Volatile.Write(ref _windowTo, time.GetTimestamp());

    public bool InWindow(long timestamp) => timestamp >= Volatile.Read(ref _windowFrom) && timestamp < Volatile.Read(ref _windowTo);

    public void MediaBegan(bool again)
    {
        Interlocked.Increment(ref _live);
        if (!again)
            Interlocked.Increment(ref _started);
    }

    public void MediaEnded() => Interlocked.Decrement(ref _live);

    public void Fail(string reason)
    {
        Interlocked.Increment(ref _failed);
        _failures.AddOrUpdate(reason, 1, static (_, count) => count + 1);
    }

    /// <summary>A place is asked for now, and was to be at <paramref name="due"/>.</summary>
    public void Requested(long due, long now) => RequestLag.Record(time.GetElapsedTime(due, now), InWindow(due));

    public void Refuse(long due, long now)
    {
        Interlocked.Increment(ref _refused);
        Refusals.Record(time.GetElapsedTime(due, now), InWindow(due));
    }

    public void SentBehindServer() => Interlocked.Increment(ref _sendsBehindServer);

    /// <param name="due">When the end of what it covers was due.</param>
    public void CaptionCame(long due)
    {
        Interlocked.Increment(ref _captions);
        if (InWindow(due))
            Interlocked.Increment(ref _captionsInWindow);
    }

    public void CaptionUntimed(long due)
    {
        if (InWindow(due))
            Interlocked.Increment(ref _captionsUntimed);
    }

    /// <summary>Every caption's time so far, so that a scenario can compare parts of the run.</summary>
    public IReadOnlyList<CaptionTime> CaptionTimes => [.. _captionTimes];

    public void Caption(int interview, long due, long now)
    {
        var latency = time.GetElapsedTime(due, now);
        Captions.Record(latency, InWindow(due));
        _captionTimes.Enqueue(new CaptionTime(interview, due, latency));
    }

    public void MadeDurable(long due, long now) => Durable.Record(time.GetElapsedTime(due, now), InWindow(due));

    public void Sent(long due, long now)
    {
        var lag = time.GetElapsedTime(due, now);
        SendLag.Record(lag, InWindow(due));
        long worst;
        while (lag.Ticks > (worst = Volatile.Read(ref _sendLagMaxTicks)) && Interlocked.CompareExchange(ref _sendLagMaxTicks, lag.Ticks, worst) != worst)
        {
        }
    }

    /// <summary>Worst lateness of a send since the last call.</summary>
    public TimeSpan TakeWorstLag() => TimeSpan.FromTicks(Interlocked.Exchange(ref _sendLagMaxTicks, 0));
}

/// <param name="Interview">Its number.</param>
/// <param name="Due">When the last voiced packet was due.</param>
internal readonly record struct CaptionTime(int Interview, long Due, TimeSpan Latency);
