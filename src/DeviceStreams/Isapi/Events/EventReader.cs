using System.Globalization;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>Finds events in bodies, however they are wrapped. No input throws.</summary>
internal static class EventReader
{
    /// <summary>Of one body. A page of the log has 30.</summary>
    public const int MaxEvents = 1_000;

    // What wraps an event, or is one; nested in any order and more than once.
    private static readonly string[] Wrappers = ["EventNotificationAlert", "AccessControllerEvent", "event_log", "EventNotification"];

    // As deep as any of them has been seen, twice over.
    private const int MaxLevels = 6;

    // "No value" in the words of devices.
    private static readonly string[] Nothing = ["0", "null", "undefined", "invalid", "unknown", "none"];

    public static IsapiMessage Read(ReadOnlySpan<byte> body)
    {
        var events = new List<IsapiEvent>();
        var (hasHeartbeat, skipped) = (false, 0);
        var roots = IsapiBody.ReadAll(body, out _);
        foreach (var root in roots)
            Walk([root]);
        return new IsapiMessage(events, hasHeartbeat, skipped);

        void Walk(IReadOnlyList<IsapiNode> levels)
        {
            var inner = levels[0];
            var hasInner = false;
            // Plain arrays of events have elements without a name.
            foreach (var child in inner.Children.Where(child => levels.Count < MaxLevels && (child.Name.Length == 0 || Wrappers.Contains(child.Name, StringComparer.OrdinalIgnoreCase))))
            {
                hasInner = true;
                if (child.Children.Count > 0)
                    Walk([child, .. levels]);
                else if (child.Text is ['{' or '<', ..] && IsapiBody.TryRead(System.Text.Encoding.UTF8.GetBytes(child.Text), out _) is { } nested)
                    Walk([nested, .. levels]);
            }

            if (hasInner || events.Count >= MaxEvents)
                return;
            var happened = Of(levels);
            if (IsHeartbeat(happened))
                hasHeartbeat = true;
            else if (happened.Numbers is not null || (happened.EventType.Length > 0 && !IsAccess(levels, happened)))
                events.Add(happened);
            else if (IsAccess(levels, happened))
                skipped++;
        }
    }

    /// <summary>One item of the log's list.</summary>
    public static IsapiEvent ReadItem(IsapiNode item) => Of([item]);

    private static bool IsAccess(IReadOnlyList<IsapiNode> levels, IsapiEvent happened) =>
        string.Equals(happened.EventType, "AccessControllerEvent", StringComparison.OrdinalIgnoreCase)
        || Wrappers.Skip(1).Any(name => levels.Any(level => string.Equals(level.Name, name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>"videoloss, inactive" is how most devices say that they live; active it is a camera's alarm.</summary>
    private static bool IsHeartbeat(IsapiEvent happened) =>
        string.Equals(happened.EventType, "heartBeat", StringComparison.OrdinalIgnoreCase)
        || (string.Equals(happened.EventType, "videoloss", StringComparison.OrdinalIgnoreCase) && !string.Equals(happened.EventState, "active", StringComparison.OrdinalIgnoreCase))
        || (happened.Numbers is (var major, var sub) && EventCodeTable.Find(major, sub)?.Meaning == EventMeaning.Heartbeat);

    private static IsapiEvent Of(IReadOnlyList<IsapiNode> levels)
    {
        var serial = Number("serialNo", 1, uint.MaxValue);
        var isResent = Flag("isDataRetransmission") == true;
        // What it says of this very event wins over what it says of the connection.
        var isCurrent = Number("alarmDataType", 0, 1) is { } kind ? kind == 0 : isResent ? false : Flag("currentEvent");
        return new IsapiEvent
        {
            Levels = levels,
            EventType = Clean(Text("eventType"), 64),
            EventState = Clean(Text("eventState"), 16),
            Numbers = Number("majorEventType", 0, 0xFFFF) is { } major && Number("subEventType", 0, 0xFFFF) is { } sub ? ((int)major, (int)sub)
                : Number("major", 0, 0xFFFF) is { } logMajor && Number("minor", 0, 0xFFFF) is { } logMinor ? ((int)logMajor, (int)logMinor)
                : null,
            Serial = serial,
            FrontSerial = Number("frontSerialNo", 0, uint.MaxValue),
            Time = Time(),
            IsCurrent = isCurrent,
            IsQuestion = Flag("remoteCheck") == true,
            PersonNumber = Word("employeeNoString", 64) is { Length: > 0 } number ? number : Word("employeeNo", 64),
            CardNumber = Word("cardNo", 64),
            CardReader = (int)(Number("cardReaderNo", 0, 1_024) ?? 0),
            Door = (int)(Number("doorNo", 0, 1_024) ?? 0),
            AttendanceStatus = Word("attendanceStatus", 32),
            PictureCount = (int?)Number("picturesNumber", 0, 64),
        };

        string Text(string name) => IsapiEvent.TextOf(levels, name);

        // Some posts carry the time of the event beside that of the message.
        string Time()
        {
            var own = levels[0].TextOf("time");
            return own.Length > 0 && DeviceTime.TryParse(own, TimeZoneInfo.Utc, out _) ? own : Text("dateTime") is { Length: > 0 } outer ? outer : own;
        }

        string Word(string name, int mostChars)
        {
            var text = Clean(Text(name), mostChars);
            return Nothing.Contains(text, StringComparer.OrdinalIgnoreCase) ? "" : text;
        }

        long? Number(string name, long least, long most) =>
            long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

        bool? Flag(string name) => IsapiNode.ReadFlag(Text(name));
    }

    private static string Clean(string text, int mostChars) => DeviceText.Clean(text, mostChars);
}
