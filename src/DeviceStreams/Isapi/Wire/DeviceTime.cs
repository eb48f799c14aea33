using System.Globalization;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Times as devices write them: ISO 8601 with every liberty that has been seen (<c>-5:00</c>, no seconds, a fraction, no zone).</summary>
/// <param name="Time">In the zone that the device named, else in the one that it is known by.</param>
/// <param name="Wall">What its clock showed, <c>20261102T081504</c>.</param>
internal readonly record struct DeviceTime(DateTimeOffset Time, string Wall)
{
    // Outside of it no door has ever been opened; and no arithmetic on it leaves the range of a date.
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    public static bool TryParse(ReadOnlySpan<char> text, TimeZoneInfo zone, out DeviceTime time)
    {
        time = default;
        text = text.Trim();
        // yyyy-MM-ddTHH:mm
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || (text[10] is not ('T' or 't' or ' ')) || text[13] != ':')
            return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute))
        {
            return false;
        }

        var rest = text[16..];
        var second = 0;
        if (rest is [':', ..])
        {
            if (rest.Length < 3 || !TryDigits(rest[1..3], out second))
                return false;
            rest = rest[3..];
        }

        if (rest is ['.' or ',', ..])
        {
            var end = rest[1..].IndexOfAnyExceptInRange('0', '9');
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;
        // A leap second is the one before it, as most clocks show it.
        var wall = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Unspecified);
        if (!TryOffset(rest.Trim(), zone, wall, out var offset))
            return false;
        time = new DeviceTime(new DateTimeOffset(wall, offset), wall.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>With an explicit offset and no fraction: <c>Z</c> is refused by some firmware.</summary>
    public static string Format(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static bool TryOffset(ReadOnlySpan<char> text, TimeZoneInfo zone, DateTime wall, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        switch (text)
        {
            case []:
                offset = zone.GetUtcOffset(wall);
                return true;
            case ['Z' or 'z']:
                return true;
            case ['+' or '-', .. var digits]:
                var colon = digits.IndexOf(':');
                var (hourDigits, minuteDigits) = colon >= 0 ? (colon, colon + 1) : digits.Length > 2 ? (digits.Length - 2, digits.Length - 2) : (digits.Length, digits.Length);
                if (!TryDigits(digits[..hourDigits], out var hours))
                    return false;
                var minutes = 0;
                if (minuteDigits < digits.Length && !TryDigits(digits[minuteDigits..], out minutes))
                    return false;
                // The farthest zone there is lies 14 hours ahead.
                if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0))
                    return false;
                offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
                return true;
            default:
                return false;
        }
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return text.Length is >= 1 and <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
