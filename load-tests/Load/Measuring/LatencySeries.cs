using HdrHistogram;
using MediaScore.Load.Results;

namespace MediaScore.Load.Measuring;

/// <summary>One kind of latency: all of the window, and each second by itself. Thread-safe.</summary>
internal sealed class LatencySeries
{
    /// <summary>An hour: what takes longer has not come.</summary>
    public const long HighestMicroseconds = 3_600_000_000;

    /// <summary>Of what never came.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromMicroseconds(HighestMicroseconds);

    private const int Digits = 3;

    private readonly Lock _gate = new();
    private readonly LongHistogram _all = New();
    private readonly LongHistogram _sinceStart = New();
    private LongHistogram _second = New();
    private LongHistogram _secondOutside = New();
    private long _early;

    /// <summary>Values of the window that were less than nothing.</summary>
    public long Early => Interlocked.Read(ref _early);

    /// <param name="inWindow">Whether what was timed was due in the measured window.</param>
    public void Record(TimeSpan latency, bool inWindow)
    {
        // What came before it was due counts as nothing, and is counted: more than a clock's grain of it says that the reference is wrong.
        if (latency < TimeSpan.Zero && inWindow)
            Interlocked.Increment(ref _early);
        var microseconds = Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, HighestMicroseconds);
        lock (_gate)
        {
            (inWindow ? _second : _secondOutside).RecordValue(microseconds);
            _sinceStart.RecordValue(microseconds);
            if (inWindow)
                _all.RecordValue(microseconds);
        }
    }

    /// <summary>What was due in the window.</summary>
    public Percentiles Window()
    {
        lock (_gate)
            return Percentiles.Of(_all);
    }

    /// <summary>Of the whole run so far, for the progress line; null before the first.</summary>
    public double? P99MsSoFar()
    {
        lock (_gate)
            return _sinceStart.TotalCount == 0 ? null : _sinceStart.GetValueAtPercentile(99) / 1000.0;
    }

    /// <summary>What came since the last call: of the window, and due before or after it. The caller owns both.</summary>
    public (LongHistogram Inside, LongHistogram Outside) TakeSecond()
    {
        lock (_gate)
        {
            var taken = (_second, _secondOutside);
            (_second, _secondOutside) = (New(), New());
            return taken;
        }
    }

    public static LongHistogram New() => new(HighestMicroseconds, Digits);
}
