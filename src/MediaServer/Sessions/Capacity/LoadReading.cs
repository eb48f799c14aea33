namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>What this process, its pool and its machine have done up to one moment: sums since some start, so that the difference of two says what happened between them.</summary>
internal readonly record struct LoadReading
{
    /// <summary>When, on a clock that only goes on.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Seconds of interviews whose media were coming, and had been for long enough to cost what they cost: ten of them for one second are ten.</summary>
    public double SettledSeconds { get; init; }

    /// <summary>Seconds of interviews whose media were coming, and that may not have begun to speak.</summary>
    public double NewSeconds { get; init; }

    /// <summary>CPU seconds of this process, all threads; without work that can wait and without what the runtime compiled (elapsed time of it, which is a little more).</summary>
    public double CpuSeconds { get; init; }

    /// <summary>CPU seconds that the machine spent on others; they were not to be had.</summary>
    public double OthersCpuSeconds { get; init; }

    /// <summary>CPU seconds of the pool's workers inside models, work that can wait left out.</summary>
    public double PoolSeconds { get; init; }

    /// <summary>Rows of live sound that the pool has begun with.</summary>
    public long LiveRows { get; init; }

    /// <summary>How long they had waited, together.</summary>
    public double LiveWaitSeconds { get; init; }

    /// <summary>How long the live row that waits longest has waited, now: where no run begins at all, nothing else tells.</summary>
    public double LiveOldestWaitSeconds { get; init; }

    /// <summary>Rows of sampled pictures that the pool has ended, the dropped ones among them.</summary>
    public long SampledRows { get; init; }

    public long SampledDropped { get; init; }

    /// <summary>Rounds of flushes.</summary>
    public long FlushRounds { get; init; }

    /// <summary>Time of the rounds together.</summary>
    public double FlushRoundSeconds { get; init; }

    /// <summary>How long the round that runs now has run; 0 where none does.</summary>
    public double FlushRoundAgeSeconds { get; init; }
}
