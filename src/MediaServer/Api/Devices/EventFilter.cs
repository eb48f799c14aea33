using System.Globalization;
using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Which events somebody asks for, from the address: docs/formats/console-api.md.</summary>
/// <param name="Zone">In which local times are read and written.</param>
internal sealed record EventFilter(DeviceEventQuery Query, TimeZoneInfo Zone, int Count)
{
    private const int UsualCount = 50;
    private const int MostCount = 500;
    private const int WordLength = 64;

    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <returns>Null with the answer to give instead; all faults at once.</returns>
    public static (EventFilter? Filter, IResult? Refusal) Read(HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return (null, refusal);
        var asked = http.Request.Query;
        var faults = new List<string>();
        string? Text(string name)
        {
            var text = asked[name].ToString();
            if (text.Length > WordLength)
                faults.Add($"{name} has at most {WordLength} characters");
            return text is { Length: > 0 and <= WordLength } ? text : null;
        }

        var zoneName = Text("zone") ?? devices.Options.TimeZone;
        if (!ZoneName.TryFind(zoneName, out var known))
            faults.Add($"zone {ZoneName.Fault}");
        TimeZoneInfo zone = known ?? TimeZoneInfo.Utc;

        DateTimeOffset? Time(string name, bool isEnd)
        {
            if (Text(name) is not { } text)
                return null;
            if (TryTime(text, zone, isEnd, out var time))
                return time;
            faults.Add($"{name} must be a day (2026-11-26), a local time (2026-11-26T08:00) or a time with its offset (2026-11-26T08:00:00Z)");
            return null;
        }

        TEnum? Word<TEnum>(string name)
            where TEnum : struct, Enum
        {
            if (Text(name) is not { } text)
                return null;
            foreach (var value in Enum.GetValues<TEnum>())
            {
                if (CandidateJson.Word(value) == text)
                    return value;
            }

            faults.Add($"{name} must be one of {string.Join(", ", Enum.GetValues<TEnum>().Select(CandidateJson.Word))}");
            return null;
        }

        long? Number(string name, long largest)
        {
            if (Text(name) is not { } text)
                return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= largest)
                return number;
            faults.Add($"{name} must be 1 to {largest}");
            return null;
        }

        var query = new DeviceEventQuery(
            tenant, Text("device"), Text("person"), Word<DeviceEventKind>("kind"), Word<DeviceEventOutcome>("outcome"), Time("from", isEnd: false), Time("to", isEnd: true),
            Number("before", long.MaxValue));
        var count = (int)(Number("count", MostCount) ?? UsualCount);
        return faults.Count > 0 ? (null, ConsoleProblems.BadRequest(string.Join("; ", faults) + ".")) : (new EventFilter(query, zone, count), null);
    }

    /// <param name="isEnd">A day then means all of it.</param>
    private static bool TryTime(string text, TimeZoneInfo zone, bool isEnd, out DateTimeOffset time)
    {
        time = default;
        // Years that any offset leaves within what a date can be.
        static bool IsSane(int year) => year is >= 1900 and <= 9000;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsSane(day.Year))
        {
            time = At((isEnd ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue), zone);
            return true;
        }

        if (DateTime.TryParseExact(text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && IsSane(local.Year))
        {
            time = At(local, zone);
            return true;
        }

        return DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) && IsSane(time.Year);
    }

    // A time that the clocks skip, or that comes twice, is read by the zone's standard offset.
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone) => new(local, zone.GetUtcOffset(local));
}
