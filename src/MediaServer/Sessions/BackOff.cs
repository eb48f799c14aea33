namespace MediaScore.MediaServer.Sessions;

/// <summary>How long something is left alone that broke down: longer each time, so that an outage of minutes costs a handful of tries. One caller of <see cref="Begin"/> at a time.</summary>
internal sealed class BackOff(TimeProvider time)
{
    // A database or a disk that is back after a restart is so within seconds.
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    // Whoever mended the cause need not wait for long.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private long _until = time.GetTimestamp();

    /// <summary>It may be tried.</summary>
    public bool IsOver => time.GetTimestamp() >= Volatile.Read(ref _until);

    /// <summary>How long it is left alone since it last broke down.</summary>
    public TimeSpan Length { get; private set; }

    /// <summary>It broke down.</summary>
    public void Begin()
    {
        Length = Length == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(2 * Length.Ticks, Longest.Ticks));
        Volatile.Write(ref _until, time.GetTimestamp() + (long)(Length.TotalSeconds * time.TimestampFrequency));
    }
}
