namespace MediaScore.WebRtc;

/// <summary>A point on this process's monotonic clock, microseconds. The core never reads a clock: whoever calls it says what time it is.</summary>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    /// <summary>Later than everything: "nothing to do".</summary>
    public static readonly Instant Never = new(long.MaxValue);

    public static Instant operator +(Instant at, TimeSpan span) => at == Never ? Never : new(at.Microseconds + span.Ticks / TimeSpan.TicksPerMicrosecond);

    public static Instant operator -(Instant at, TimeSpan span) => new(at.Microseconds - span.Ticks / TimeSpan.TicksPerMicrosecond);

    public static TimeSpan operator -(Instant later, Instant earlier) => TimeSpan.FromTicks((later.Microseconds - earlier.Microseconds) * TimeSpan.TicksPerMicrosecond);

    public static bool operator <(Instant left, Instant right) => left.Microseconds < right.Microseconds;

    public static bool operator >(Instant left, Instant right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(Instant left, Instant right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(Instant left, Instant right) => left.Microseconds >= right.Microseconds;

    public static Instant Min(Instant left, Instant right) => left <= right ? left : right;

    public static Instant Max(Instant left, Instant right) => left >= right ? left : right;

    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);
}
