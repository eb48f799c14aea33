namespace MediaScore.Pipelines.FinalPass;

/// <summary>
/// How fast finished recordings are read while interviews run: as fast as the machine can as long as nobody else wants its cores, and slowly when others do. What the models get to do for final
/// passes comes from what is read, so this holds back all of it. Thread-safe.
/// </summary>
/// <param name="spent">Time that the passes' thread has wanted a core, and the CPU time that it got of it. The difference is how long others were given its core; both zero where nobody can say.</param>
/// <param name="isAnyoneLive">Without anybody who could be disturbed nothing is held back.</param>
internal sealed class FinalPassPace(TimeProvider time, Func<(TimeSpan Wanted, TimeSpan Cpu)> spent, Func<bool> isAnyoneLive)
{
    /// <summary>Media seconds a second, of all passes together. Never less: at 0.02 core-seconds each, it is the twentieth part of a core, and a backlog has an end.</summary>
    public const double Slowest = 2;

    // More than two cores can do: as good as no limit.
    private const double Fastest = 128;

    // Others had the core for more than 40 % of the time: with the pool's own workers beside it, two cores that do nothing else give it about two thirds.
    private const double FairShare = 0.6;

    // At least. Long enough for the scheduler to have given everybody a turn; short enough to be out of the way before a candidate notices.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    // Of less computing than this nothing can be said.
    private static readonly TimeSpan LeastSpent = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private double _rate = Slowest;
    private long _sliceBegan = time.GetTimestamp();
    private (TimeSpan Wanted, TimeSpan Cpu) _spentBefore;
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
        var spentNow = spent();
        var (wanted, cpu) = (spentNow.Wanted - _spentBefore.Wanted, spentNow.Cpu - _spentBefore.Cpu);
        // The slice grows until it tells something: a pass that is held back, or has little to do, computes a millisecond in each.
        if (wanted < LeastSpent)
            return;
        _sliceBegan = now;
        _spentBefore = spentNow;
        // Down at once and up by steps: two seconds from the slowest to the fastest, and a few more where little is computed.
        _rate = cpu < wanted * FairShare ? Math.Max(Slowest, _rate / 4) : Math.Min(Fastest, _rate * 1.7);
    }
}
