using System.Globalization;

namespace MediaScore.Timeline;

/// <summary>A point on one interview's own clock: microseconds since its first accepted packet. Never wall-clock time.</summary>
public readonly record struct MediaTime(long Microseconds) : IComparable<MediaTime>
{
    public static readonly MediaTime Zero;

    public double TotalSeconds => Microseconds / 1e6;

    public static MediaTime FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e6));

    public static MediaTime FromMilliseconds(long milliseconds) => new(milliseconds * 1000);

    /// <param name="samples">Samples since the clock's zero.</param>
    /// <param name="sampleRate">Samples a second.</param>
    public static MediaTime FromSamples(long samples, int sampleRate) => new(samples * 1_000_000 / sampleRate);

    /// <param name="ticks">RTP ticks since the first packet, roll-overs added (RFC 3550, 5.1).</param>
    /// <param name="clockRate">Ticks a second of the payload type.</param>
    public static MediaTime FromRtpTicks(long ticks, int clockRate) => new(ticks * 1_000_000 / clockRate);

    /// <summary>The sample that is heard at this time, rounded down.</summary>
    public long ToSamples(int sampleRate) => Microseconds * sampleRate / 1_000_000;

    public TimeSpan ToTimeSpan() => TimeSpan.FromMicroseconds(Microseconds);

    public MediaTime Add(TimeSpan span) => new(Microseconds + (long)span.TotalMicroseconds);

    public int CompareTo(MediaTime other) => Microseconds.CompareTo(other.Microseconds);

    public static bool operator <(MediaTime left, MediaTime right) => left.Microseconds < right.Microseconds;

    public static bool operator >(MediaTime left, MediaTime right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(MediaTime left, MediaTime right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(MediaTime left, MediaTime right) => left.Microseconds >= right.Microseconds;

    public static TimeSpan operator -(MediaTime left, MediaTime right) => TimeSpan.FromMicroseconds(left.Microseconds - right.Microseconds);

    public static MediaTime operator +(MediaTime left, TimeSpan right) => left.Add(right);

    public static MediaTime Max(MediaTime left, MediaTime right) => left > right ? left : right;

    public static MediaTime Min(MediaTime left, MediaTime right) => left < right ? left : right;

    /// <summary><c>m:ss.t</c>, as people read it beside a player.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Microseconds / 60_000_000}:{Microseconds / 1_000_000 % 60:00}.{Microseconds / 100_000 % 10}");
}
