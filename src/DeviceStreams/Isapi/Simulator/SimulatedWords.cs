using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>Bodies as a terminal prints them: line feeds, in JSON a tab before every member and between name and value.</summary>
internal static class SimulatedWords
{
    public const string JsonType = "application/json; charset=\"UTF-8\"";
    public const string XmlType = "application/xml; charset=\"UTF-8\"";

    public static string EventJson(SimulatedEvent happened, bool isCurrent) => Object(Alert(happened, isCurrent), 1);

    /// <summary>The same members as elements.</summary>
    public static string EventXml(SimulatedEvent happened, bool isCurrent) => AlertXml(Alert(happened, isCurrent));

    public static string HeartbeatJson(string time) => Object(Envelope(time, "videoloss", "inactive", "videoloss alarm"), 1);

    public static string HeartBeatJson(string time) => Object(Envelope(time, "heartBeat", "active", "heartBeat"), 1);

    public static string HeartbeatXml(string time) => AlertXml(Envelope(time, "videoloss", "inactive", "videoloss alarm"));

    /// <summary>An item of the log: other names for the same, no word whether it is current.</summary>
    public static Dictionary<string, object> LogItem(SimulatedEvent happened)
    {
        var item = new Dictionary<string, object> { ["major"] = happened.Major, ["minor"] = happened.Sub, ["time"] = happened.Time };
        if (happened.IsPersonal)
        {
            item["cardType"] = 1;
            item["name"] = happened.Name;
            item["cardReaderNo"] = happened.Reader;
            item["employeeNoString"] = happened.PersonNumber;
            item["userType"] = "normal";
        }

        if (happened.Door > 0 || happened.IsPersonal)
            item["doorNo"] = Math.Max(1, happened.Door);
        item["serialNo"] = happened.Serial;
        item["currentVerifyMode"] = happened.IsPersonal ? "cardOrFace" : "invalid";
        item["attendanceStatus"] = happened.AttendanceStatus;
        if (!happened.Picture.IsEmpty)
            item["pictureURL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1/LOCALS/pic/acsLinkCap/{happened.Serial}.jpeg@WEB{happened.Serial:D12}");
        return item;
    }

    public static string Xml(string root, params ReadOnlySpan<(string Name, object? Value)> members) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n{Elements(members)}</{root}>\n";

    public static string StatusJson(string target, int code, string status, string sub, long error, string message) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["requestURL"] = target,
        ["statusCode"] = code,
        ["statusString"] = status,
        ["subStatusCode"] = sub,
        ["errorCode"] = error,
        ["errorMsg"] = message,
    });

    private static List<(string Name, object? Value)> Alert(SimulatedEvent happened, bool isCurrent)
    {
        var inner = new List<(string Name, object? Value)>
        {
            ("deviceName", "SIMULATED GATE"),
            ("majorEventType", happened.Major),
            ("subEventType", happened.Sub),
        };
        if (happened.IsPersonal)
            inner.AddRange([("name", happened.Name), ("cardReaderKind", 1), ("cardReaderNo", happened.Reader)]);
        if (happened.Door > 0)
            inner.Add(("doorNo", happened.Door));
        if (happened.IsPersonal)
            inner.AddRange([("verifyNo", (happened.Serial * 2) + 126), ("employeeNoString", happened.PersonNumber)]);
        inner.AddRange([("serialNo", happened.Serial), ("userType", happened.IsPersonal ? "normal" : null), ("currentVerifyMode", happened.IsPersonal ? "cardOrFace" : "invalid"), ("currentEvent", isCurrent)]);
        // The question leaves out what the event has.
        if (!happened.IsQuestion)
            inner.AddRange([("frontSerialNo", happened.Front), ("attendanceStatus", happened.AttendanceStatus), ("label", ""), ("statusValue", 0)]);
        inner.AddRange([("mask", "unknown"), ("picturesNumber", happened.Picture.IsEmpty ? null : (object)1), ("purePwdVerifyEnable", true)]);
        if (happened.IsQuestion)
            inner.Add(("remoteCheck", true));
        if (happened.RemoteCheckResult.Length > 0)
            inner.Add(("remoteCheckResult", happened.RemoteCheckResult));
        return [.. Envelope(happened.Time, "AccessControllerEvent", "active", "Access Controller Event"), ("AccessControllerEvent", inner)];
    }

    private static List<(string Name, object? Value)> Envelope(string time, string type, string state, string description) =>
    [
        ("ipAddress", "127.0.0.1"), ("portNo", 80), ("protocol", "HTTP"), ("macAddress", "02:00:00:10:20:30"), ("channelID", 1), ("dateTime", time), ("activePostCount", 1),
        ("eventType", type), ("eventState", state), ("eventDescription", description),
    ];

    private static string AlertXml(List<(string Name, object? Value)> members) => Xml("EventNotificationAlert", CollectionsMarshal.AsSpan(members));

    private static string Elements(ReadOnlySpan<(string Name, object? Value)> members)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in members)
        {
            if (value is null)
                continue;
            text.Append('<').Append(name).Append('>').Append(value switch
            {
                List<(string Name, object? Value)> inner => "\n" + Elements(CollectionsMarshal.AsSpan(inner)),
                bool flag => flag ? "true" : "false",
                _ => SecurityElement.Escape(Convert.ToString(value, CultureInfo.InvariantCulture)),
            }).Append("</").Append(name).Append(">\n");
        }

        return text.ToString();
    }

    private static string Object(IEnumerable<(string Name, object? Value)> members, int depth)
    {
        var text = new StringBuilder("{\n");
        var isFirst = true;
        foreach (var (name, value) in members)
        {
            if (value is null)
                continue;
            if (!isFirst)
                text.Append(",\n");
            isFirst = false;
            text.Append('\t', depth).Append('"').Append(name).Append("\":\t");
            text.Append(value is List<(string Name, object? Value)> inner ? Object(inner, depth + 1) : JsonSerializer.Serialize(value));
        }

        return text.Append('\n').Append('\t', depth - 1).Append('}').ToString();
    }
}
