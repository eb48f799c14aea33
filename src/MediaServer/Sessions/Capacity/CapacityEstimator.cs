using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>
/// From readings, one a second, to how many interviews this machine can hold: those that it has held on the mean of the last ten seconds, and as many more as
/// what is left of CPU and pool pays for at what an interview costs. Where waits and drops say that it is too much already, no more. Pure but for its memory; not thread-safe.
/// </summary>
/// <param name="cores">CPUs that this process may use; a quota may make it a fraction.</param>
/// <param name="machineCpus">CPUs of the whole machine; in a container often more than <paramref name="cores"/>, and what others do on the rest of them takes nothing from this process.</param>
/// <param name="workerCount">Threads of the pool.</param>
internal sealed class CapacityEstimator(AdmissionOptions options, double cores, int machineCpus, int workerCount)
{
    // Long enough that one utterance refuses nobody, short enough that a wave of them does.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // What a process does in its first seconds (compiling itself, reading what was left unfinished) is no interview's; until then the guess counts.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    // Models' part of the budget: recogniser, faces and voice activity of all that an interview costs.
    private const double PoolPart = 0.65;

    // A fair scheduler gives a busy process its share whatever the neighbours want, and where it is not half, waits tell.
    private const double SurePart = 0.5;

    // A symptom that has shown is over when it is well under its limit.
    private const double Release = 0.75;

    // A row or a picture may be late by chance; in ten seconds one interview asks for 300 rows and two pictures.
    private const long FewRows = 50;
    private const long FewPictures = 10;

    private const double FewNewcomers = 0.25;

    // Four times what live sound may wait before it is late.
    private const double Stalled = 1;

    private readonly Queue<LoadReading> _readings = new();
    private readonly DecayedCost _cost = new(options.ExpectedCpuMs / 1000);
    private readonly DecayedCost _poolCost = new(options.ExpectedCpuMs / 1000 * PoolPart);

    // More threads than CPUs compute no faster.
    private readonly double _poolCores = Math.Min(workerCount, cores);
    private LoadReading _last;
    private bool _waits;
    private bool _drops;
    private bool _flushesLate;

    /// <summary>Before anything was measured.</summary>
    public CapacityEstimate Start => Judge(default, default, default);

    public CapacityEstimate Add(in LoadReading reading)
    {
        if (_readings.Count > 0)
        {
            var step = (reading.At - _last.At).TotalSeconds;
            var interviews = reading.SettledSeconds - _last.SettledSeconds;
            var newcomers = reading.NewSeconds - _last.NewSeconds;
            // While many have just begun, nobody knows what of it is whose. Of few, each is taken for half of one.
            interviews = newcomers <= interviews * FewNewcomers ? interviews + (newcomers / 2) : 0;
            _cost.Add(step, reading.CpuSeconds - _last.CpuSeconds, interviews);
            _poolCost.Add(step, reading.PoolSeconds - _last.PoolSeconds, interviews);
        }

        _last = reading;
        _readings.Enqueue(reading);
        while (_readings.Count > 2 && reading.At - _readings.Peek().At > Window)
            _readings.Dequeue();
        var first = _readings.Peek();
        return Judge(first, reading, reading.At - first.At);
    }

    private CapacityEstimate Judge(in LoadReading first, in LoadReading last, TimeSpan length)
    {
        var seconds = length >= Shortest ? length.TotalSeconds : double.PositiveInfinity;
        var settled = (last.SettledSeconds - first.SettledSeconds) / seconds;
        var newcomers = (last.NewSeconds - first.NewSeconds) / seconds;
        var held = settled + newcomers;
        var used = (last.CpuSeconds - first.CpuSeconds) / seconds;
        var available = Math.Clamp(machineCpus - ((last.OthersCpuSeconds - first.OthersCpuSeconds) / seconds), SurePart * cores, cores);
        var pool = (last.PoolSeconds - first.PoolSeconds) / seconds;
        var byCpu = Fit(options.MaxCpuLoad * available, used, settled, newcomers, _cost.Seconds);
        var byPool = Fit(options.MaxPoolLoad * _poolCores, pool, settled, newcomers, _poolCost.Seconds);

        var liveRows = last.LiveRows - first.LiveRows;
        var wait = liveRows > 0 ? (last.LiveWaitSeconds - first.LiveWaitSeconds) / liveRows : 0;
        var pictures = last.SampledRows - first.SampledRows;
        var dropped = pictures > 0 ? (last.SampledDropped - first.SampledDropped) / (double)pictures : 0;
        var rounds = last.FlushRounds - first.FlushRounds;
        var round = rounds > 0 ? (last.FlushRoundSeconds - first.FlushRoundSeconds) / rounds : 0;
        // Means are of what has ended. Where nothing ends, because the pool or the disk hangs, there are none, the CPU is idle, and only what still waits tells.
        wait = liveRows >= FewRows ? wait : 0;
        wait = last.LiveOldestWaitSeconds > Stalled ? Math.Max(wait, last.LiveOldestWaitSeconds) : wait;
        round = Math.Max(round, last.FlushRoundAgeSeconds);
        _waits = Over(_waits, wait, options.MaxLiveWaitMs / 1000.0);
        _drops = Over(_drops, pictures >= FewPictures ? dropped : 0, options.MaxSampledDropShare);
        _flushesLate = Over(_flushesLate, round, options.MaxFlushRoundMs / 1000.0);

        var cpuLoad = used / available;
        var poolLoad = pool / _poolCores;
        var (interviews, reason, message) = byCpu <= byPool
            ? (byCpu, RefusalReason.CpuSaturated, $"{cpuLoad:0.00} of the CPU is in use, and new interviews are admitted up to {options.MaxCpuLoad:0.00} (Admission:MaxCpuLoad)")
            : (byPool, RefusalReason.PoolSaturated, $"{poolLoad:0.00} of the inference pool is in use, and new interviews are admitted up to {options.MaxPoolLoad:0.00} (Admission:MaxPoolLoad)");
        // In the order in which they hurt: what is lost, what is late, what is left out.
        if (_flushesLate)
            (interviews, reason, message) = (Math.Min(interviews, held), RefusalReason.DiskSlow, $"The disk takes {round * 1000:0} ms to make all recordings durable; the limit is {options.MaxFlushRoundMs} (Admission:MaxFlushRoundMs)");
        else if (_waits)
            (interviews, reason, message) = (Math.Min(interviews, held), RefusalReason.PoolSaturated, $"Live sound waits {wait * 1000:0} ms for the inference pool; the limit is {options.MaxLiveWaitMs} (Admission:MaxLiveWaitMs)");
        else if (_drops)
            (interviews, reason, message) = (Math.Min(interviews, held), RefusalReason.PoolSaturated, $"{dropped:0.00} of the pictures are dropped; the limit is {options.MaxSampledDropShare:0.00} (Admission:MaxSampledDropShare)");
        return new CapacityEstimate(
            Math.Max(0, interviews), _cost.Seconds, cpuLoad, poolLoad, TimeSpan.FromSeconds(wait), dropped, TimeSpan.FromSeconds(round), reason, message);
    }

    /// <summary>
    /// Those that are there, and as many as what is left pays for. Never more than all of it would pay for: ten seconds in which few speak are noise, and who is let in by it stays.
    /// </summary>
    private static double Fit(double budget, double used, double settled, double newcomers, double cost)
    {
        // What those who have just begun will use; what the settled ones do not explain is theirs already.
        var coming = Math.Max(0, (newcomers * cost) - Math.Max(0, used - (settled * cost)));
        return Math.Min(settled + newcomers + ((budget - used - coming) / cost), budget / cost);
    }

    private static bool Over(bool was, double value, double limit) => value > (was ? Release * limit : limit);
}
