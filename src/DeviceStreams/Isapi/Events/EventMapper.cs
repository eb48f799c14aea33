using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>Makes the one record type of all protocols from what a Hikvision device says. Pure.</summary>
internal static class EventMapper
{
    private const int ReasonChars = 256;

    /// <param name="zone">Of the device, for times without one.</param>
    /// <param name="now">What counts where the device says no time that can be read.</param>
    public static DeviceEventRow ToRow(IsapiEvent happened, Device device, TimeZoneInfo zone, EventSource source, DateTimeOffset now)
    {
        var hasTime = DeviceTime.TryParse(happened.Time, zone, out var time);
        var code = happened.Numbers is (var major, var sub) ? EventCodeTable.Find(major, sub) ?? new EventCode(EventMeaning.Unknown, "", "not explained by the maker") : Foreign(happened);
        var (kind, outcome) = Classify(happened, code);
        return new DeviceEventRow
        {
            Tenant = device.Tenant,
            DeviceId = device.Id,
            DeduplicationKey = KeyOf(happened, hasTime ? time.Wall : ""),
            Kind = kind,
            Outcome = outcome,
            PersonNumber = happened.PersonNumber.Length > 0 ? happened.PersonNumber : null,
            OccurredAt = hasTime ? time.Time : now,
            DeviceTime = DeviceText.Clean(happened.Time, 40),
            Method = code.Method,
            Code = happened.Numbers is (var codeMajor, var codeSub) ? string.Create(CultureInfo.InvariantCulture, $"{codeMajor}.{codeSub}") : DeviceText.Clean(happened.EventType, 64),
            Direction = DirectionOf(happened, kind),
            Door = DoorOf(happened, device.Row.Door),
            Reason = Cut(hasTime ? code.Words : code.Words + "; the device's time could not be read"),
            Detail = EventDetail.Of(happened, source),
        };
    }

    /// <summary>
    /// The same event comes by up to three ways, and after a restart again: its serial, and what the device's clock showed. Not the serial alone, which begins at 1 when the log is
    /// cleared; and not the moment that the clock's zone makes of it: devices keep what the clock showed, and write the zone behind it that they are set to now, so that a corrected
    /// zone would make every event of the log a new one.
    /// </summary>
    internal static string KeyOf(IsapiEvent happened, string wall)
    {
        var suffix = happened.IsQuestion ? "/q" : "";
        if (happened.Serial is { } serial && wall.Length > 0)
            return string.Create(CultureInfo.InvariantCulture, $"{serial}/{wall}{suffix}");
        var said = string.Join('\n', happened.Numbers, happened.Time, happened.PersonNumber, happened.CardNumber, happened.EventType, happened.EventState, happened.TextOf("channelID"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)).AsSpan(0, 16));
        return string.Create(CultureInfo.InvariantCulture, $"{(happened.Serial is { } alone ? $"{alone}/" : "")}h:{hash}{suffix}");
    }

    /// <summary>Events of cameras and other channels are kept, and nothing is made of them.</summary>
    private static EventCode Foreign(IsapiEvent happened) => new(EventMeaning.Unknown, "", DeviceText.Clean(happened.TextOf("eventDescription"), ReasonChars));

    private static (DeviceEventKind Kind, DeviceEventOutcome Outcome) Classify(IsapiEvent happened, EventCode code)
    {
        if (happened.Numbers is null)
            return (DeviceEventKind.Sensor, DeviceEventOutcome.None);
        // The question is not the answer: that is a record of its own.
        if (happened.IsQuestion)
            return (DeviceEventKind.Access, DeviceEventOutcome.NotAssessed);
        return code.Meaning switch
        {
            EventMeaning.Granted when AttendanceDirection(happened.AttendanceStatus).Length > 0 => (DeviceEventKind.Attendance, DeviceEventOutcome.Granted),
            EventMeaning.Granted => (DeviceEventKind.Access, DeviceEventOutcome.Granted),
            // A face that was refused with nobody's number on it was nobody's.
            EventMeaning.Denied when code.Method == "face" && happened.PersonNumber.Length == 0 => (DeviceEventKind.Access, DeviceEventOutcome.NotRecognised),
            EventMeaning.Denied => (DeviceEventKind.Access, DeviceEventOutcome.Denied),
            EventMeaning.NotRecognised => (DeviceEventKind.Access, DeviceEventOutcome.NotRecognised),
            EventMeaning.Spoof => (DeviceEventKind.Access, DeviceEventOutcome.Spoof),
            EventMeaning.TimedOut => (DeviceEventKind.Access, DeviceEventOutcome.TimedOut),
            EventMeaning.Question => (DeviceEventKind.Access, DeviceEventOutcome.NotAssessed),
            EventMeaning.Door => (DeviceEventKind.Door, DeviceEventOutcome.None),
            EventMeaning.Alarm => (DeviceEventKind.Alarm, DeviceEventOutcome.None),
            _ => (DeviceEventKind.Device, DeviceEventOutcome.None),
        };
    }

    /// <summary>What the person chose at the terminal; else which of its two readers it was, as the maker's guide counts them.</summary>
    private static string DirectionOf(IsapiEvent happened, DeviceEventKind kind) =>
        AttendanceDirection(happened.AttendanceStatus) is { Length: > 0 } chosen ? chosen
        : kind is not (DeviceEventKind.Access or DeviceEventKind.Attendance) ? ""
        : happened.CardReader switch { 1 => "in", 2 => "out", _ => "" };

    private static string AttendanceDirection(string status) => status.ToUpperInvariant() switch
    {
        "CHECKIN" or "BREAKIN" or "OVERTIMEIN" => "in",
        "CHECKOUT" or "BREAKOUT" or "OVERTIMEOUT" => "out",
        _ => "",
    };

    private static string DoorOf(IsapiEvent happened, string name)
    {
        if (name.Length == 0)
            return happened.Door > 0 ? happened.Door.ToString(CultureInfo.InvariantCulture) : "";
        // The first door is the one that the device is named after.
        return happened.Door > 1 ? Cut(string.Create(CultureInfo.InvariantCulture, $"{name}/{happened.Door}"), 64) : name;
    }

    private static string Cut(string text, int mostChars = ReasonChars) => DeviceText.Clean(text, mostChars);
}
