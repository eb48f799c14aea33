namespace MediaScore.Pipelines.FinalPass;

/// <summary>
/// How fast finished recordings are read while interviews run: as fast as the machine can as long as nobody else wants its cores, and slowly when others do. What the models get to do for final
/// passes comes from what is read, so this holds back all of it. Thread-safe.
/// </summary>
/// <param name="spent">Time that the passes' thread has been computing, and the CPU time that it got meanwhile. The difference is how long others were given its core.</param>
/// <param name="isAnyoneLive">Without anybody who could be disturbed nothing is held back.</param>
internal sealed class FinalPassPace(TimeProvider time, Func<(TimeSpan Elapsed, TimeSpan Cpu)> spent, Func<bool> isAnyoneLive)
{
    /// <summary>Media seconds a second, of all passes together. Never less: at 0.02 core-seconds each, it is the twentieth part of a core, and a backlog has an end.</summary>
    public const double Slowest = 2;

    // More than two cores can do: as good as no limit.
    private const double Fastest = 128;

    // Others had the core for more than 40 % of the time: with the pool's own workers beside it, two cores that do nothing else give it about two thirds.
    private const double FairShare = 0.6;

    // Long enough for the scheduler to have given everybody a turn; short enough to be out of the way before a candidate notices.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    // Of less computing than this nothing can be said.
    private static readonly TimeSpan LeastSpent = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private double _rate = Slowest;
    private long _sliceBegan = time.GetTimestamp();
    private (TimeSpan Elapsed, TimeSpan Cpu) _spentBefore;
    private long _due = time.GetTimestamp();

    public double Rate
    {
        get
        {
            lock (_gate)
                return _rate;
        }
    }

    /// <summary>Waits until it is time to read on.</summary>
    /// <param name="media">Length of what was read since the call before.</param>
    public async ValueTask PassAsync(TimeSpan media, CancellationToken cancellationToken)
    {
        if (!isAnyoneLive())
            return;
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Adjust(now);
            // What was not used is not saved up: a pass that begins does not begin with a burst.
            _due = Math.Max(_due, now) + (long)(media.TotalSeconds / _rate * time.TimestampFrequency);
            wait = time.GetElapsedTime(now, _due);
        }

        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }

    private void Adjust(long now)
    {
        if (time.GetElapsedTime(_sliceBegan, now) < Slice)
            return;
        _sliceBegan = now;
        var spentNow = spent();
        var (elapsed, cpu) = (spentNow.Elapsed - _spentBefore.Elapsed, spentNow.Cpu - _spentBefore.Cpu);
        _spentBefore = spentNow;
        if (elapsed < LeastSpent)
            return;
        // Down at once and up by steps: two seconds from the slowest to the fastest.
        _rate = cpu < elapsed * FairShare ? Math.Max(Slowest, _rate / 4) : Math.Min(Fastest, _rate * 1.7);
    }
}
