using MediaScore.DeviceStreams.Simulation;
using MediaScore.Load.Measuring;

namespace MediaScore.Load.Terminals;

/// <summary>What the simulated terminals of a run saw: latencies go to the meter, counts of what was due in the measured window are here. Thread-safe.</summary>
internal sealed class TerminalAccount(LoadMeter meter, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private long _recognised;
    private long _takenForAnother;
    private long _notRecognised;
    private long _untimed;

    /// <summary>Frames by what the server said of them.</summary>
    public IReadOnlyDictionary<string, long> Verdicts => Copy(_verdicts);

    /// <summary>Decisions by their outcome.</summary>
    public IReadOnlyDictionary<string, long> Outcomes => Copy(_outcomes);

    /// <summary>Decisions that named the person whose face was shown.</summary>
    public long Recognised => Read(ref _recognised);

    /// <summary>Decisions that named somebody else.</summary>
    public long TakenForAnother => Read(ref _takenForAnother);

    /// <summary>Decisions that named nobody, although the person is enrolled.</summary>
    public long NotRecognised => Read(ref _notRecognised);

    /// <summary>Decisions that no frame brought, but the end of the time for one: in no latency.</summary>
    public long Untimed => Read(ref _untimed);

    /// <summary>A frame was answered.</summary>
    public void Framed(SimulatedFrame frame)
    {
        var isInside = meter.InWindow(TimestampOf(frame.DueAt));
        meter.TerminalLag.Record(frame.SentAt - frame.DueAt, isInside);
        if (!isInside)
            return;
        lock (_gate)
            _verdicts[frame.Verdict] = _verdicts.GetValueOrDefault(frame.Verdict) + 1;
    }

    /// <summary>A pass was decided.</summary>
    /// <param name="enrolled">Numbers of those who are.</param>
    public void Decided(SimulatedDecision decision, IReadOnlySet<string> enrolled)
    {
        var isInside = meter.InWindow(TimestampOf(decision.DueAt ?? decision.AnsweredAt));
        if (decision.DueAt is { } due)
            meter.Decisions.Record(decision.AnsweredAt - due, isInside);
        if (!isInside)
            return;
        lock (_gate)
        {
            _outcomes[decision.Outcome] = _outcomes.GetValueOrDefault(decision.Outcome) + 1;
            _untimed += decision.DueAt is null ? 1 : 0;
            if (decision.Recognised.Length == 0)
                _notRecognised += enrolled.Contains(decision.Expected) ? 1 : 0;
            else if (decision.Recognised == decision.Expected)
                _recognised++;
            else
                _takenForAnother++;
        }
    }

    /// <summary>Of the run's clock, which the window is counted by.</summary>
    private long TimestampOf(DateTimeOffset moment) => time.GetTimestamp() - (long)((time.GetUtcNow() - moment).Ticks * (time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));

    private SortedDictionary<string, long> Copy(SortedDictionary<string, long> counts)
    {
        lock (_gate)
            return new SortedDictionary<string, long>(counts, StringComparer.Ordinal);
    }

    private long Read(ref long count)
    {
        lock (_gate)
            return count;
    }
}
