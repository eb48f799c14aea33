namespace MediaScore.Inference;

/// <summary>Timestamps of a <see cref="TimeProvider"/>, and spans in its units.</summary>
internal readonly struct PoolClock(TimeProvider time)
{
    private readonly long _frequency = time.TimestampFrequency;

    public long Now => time.GetTimestamp();

    public long FromTimeSpan(TimeSpan span) => (long)(span.Ticks * (double)_frequency / TimeSpan.TicksPerSecond);

    public long FromMilliseconds(int milliseconds) => milliseconds * _frequency / 1000;

    public double ToSeconds(long timestamps) => (double)timestamps / _frequency;

    /// <summary>
    /// Rounded up to whole milliseconds: the system's timers count in them and round down, and a timer that comes early comes again and again.
    /// </summary>
    public TimeSpan ToTimerSpan(long timestamps) => TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(timestamps * 1000.0 / _frequency)));
}
