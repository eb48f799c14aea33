using System.Text.Encodings.Web;
using System.Text.Json;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>What else a device said, as a small JSON object: every scalar but what has a column of its own, and but names of people, which are kept sealed and nowhere else.</summary>
internal static class EventDetail
{
    // The column has 4,096 characters; one last value fits behind it, every character of it escaped.
    private const int MostChars = 2_400;
    private const int MostValueChars = 256;
    private const int MostNameChars = 48;
    private const int MostMembers = 64;

    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        // Have columns.
        "majorEventType", "subEventType", "major", "minor", "time", "dateTime", "employeeNoString", "employeeNo", "doorNo",
        // Of people.
        "name",
        // The same for every event of a device.
        "ipAddress", "ipv6Address", "portNo", "protocol", "macAddress", "channelID", "activePostCount", "eventDescription", "deviceName",
    };

    // Written where there is nothing to say.
    private static readonly string[] Empty = ["", "0", "null", "undefined", "invalid", "unknown", "0.0.0.0"];

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IsapiEvent happened, EventSource source)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("source", source switch { EventSource.Stream => "stream", EventSource.Replay => "replay", EventSource.Log => "log", _ => "push" });
            var said = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "source" };
            foreach (var (name, value) in happened.Levels.SelectMany(level => level.Children).Select(child => (DeviceText.Clean(child.Name, MostNameChars), DeviceText.Clean(child.Text, MostValueChars))))
            {
                if (said.Count > MostMembers || json.BytesCommitted + json.BytesPending + name.Length + value.Length > MostChars)
                    break;
                if (name.Length > 0 && !LeftOut.Contains(name) && !Empty.Contains(value, StringComparer.OrdinalIgnoreCase) && said.Add(name))
                    json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
