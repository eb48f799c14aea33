using System.Globalization;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>A time as a device told it: with its distance from UTC, without one (then the device's zone counts), or not at all.</summary>
/// <param name="Text">As it was written, at most 40 characters; null: it was not told.</param>
internal readonly record struct ToldTime(string? Text, DateTimeOffset? Absolute, DateTime? Local)
{
    private const int MaxLength = 40;

    // What lies outside is a clock that was never set, or a number that is none. The event is kept all the same, with the time of its arrival.
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    /// <summary>RFC 3339 text, or whole milliseconds since 1970 UTC.</summary>
    public static ToldTime Read(JsonFields fields, string name)
    {
        if (!fields.TryGet(name, out var value))
            return default;
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var milliseconds))
                return new ToldTime(milliseconds.ToString(CultureInfo.InvariantCulture), OfMilliseconds(milliseconds), null);
            fields.Fail($"{name} is no whole number of milliseconds");
            return default;
        }

        if (JsonFields.TextOf(value) is { Length: > 0 and <= MaxLength } text && value.TryGetDateTime(out var time))
        {
            // A time without a zone comes back as unspecified; all others keep their distance from UTC.
            if (time.Kind == DateTimeKind.Unspecified)
                return new ToldTime(text, null, IsWithin(time) ? time : null);
            if (value.TryGetDateTimeOffset(out var absolute))
                return new ToldTime(text, IsWithin(absolute.UtcDateTime) ? absolute : null, null);
        }

        fields.Fail($"{name} is no time: RFC 3339 (2026-11-26T08:30:00Z) or milliseconds since 1970");
        return default;
    }

    /// <summary>When it happened.</summary>
    /// <param name="zone">The device's.</param>
    /// <param name="arrivedAt">What counts where no time was told, or none that can be.</param>
    public DateTimeOffset Resolve(TimeZoneInfo zone, DateTimeOffset arrivedAt) =>
        Absolute ?? (Local is { } local ? new DateTimeOffset(local, zone.GetUtcOffset(local)) : arrivedAt);

    private static DateTimeOffset? OfMilliseconds(long milliseconds)
    {
        const long Least = 0;
        const long Most = 7_258_118_400_000; // 2200-01-01.
        return milliseconds is >= Least and < Most ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    // A day from the ends of the years, no zone leads out of what a DateTimeOffset holds.
    private static bool IsWithin(DateTime time) => time.Year is >= FirstYear and <= LastYear;
}
