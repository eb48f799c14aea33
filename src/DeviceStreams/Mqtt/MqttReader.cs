using System.Buffers;
using System.Text.Json;
using MediaScore.DeviceStreams.Events;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>From topic and payload to what they say. Pure; never throws for what comes.</summary>
internal static class MqttReader
{
    private const int LoggedTopicLength = 96;

    /// <param name="payload">Read before this returns.</param>
    /// <param name="tenant">The only one that this connection speaks for; null: any.</param>
    public static MqttReport Read(string? topic, in ReadOnlySequence<byte> payload, int maxPayloadBytes, string? tenant = null)
    {
        var report = new MqttReport(Clean(topic), (int)Math.Min(payload.Length, maxPayloadBytes));
        if (!MqttTopic.TryParse(topic, out var from))
            return report with { Drop = MqttDrop.WrongTopic, Fault = "the topic is none of mediascore/{tenant}/{serial}/hello, seen, event, reading, result" };
        report = report with { From = from };
        if (tenant is not null && from.Tenant != tenant)
            return report with { Drop = MqttDrop.WrongTenant, Fault = $"this connection speaks for tenant {tenant} only" };
        if (payload.IsEmpty)
            return report with { Drop = MqttDrop.Empty, Fault = "the payload is empty" };
        if (payload.Length > maxPayloadBytes)
            return report with { Drop = MqttDrop.TooLarge, Fault = $"the payload has more than {maxPayloadBytes} bytes" };
        var bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
        if (!DeviceJson.TryOpen(bytes, out var json, out var fault))
            return report with { Drop = MqttDrop.Malformed, Fault = fault };
        using (json)
            return Read(report, from.Kind, json.RootElement);
    }

    private static MqttReport Read(MqttReport report, MqttMessageKind kind, JsonElement json)
    {
        string? fault;
        report = kind switch
        {
            MqttMessageKind.Hello => report with { Hello = DeviceHello.Read(json, out fault) },
            MqttMessageKind.Result => report with { Answer = CommandAnswer.Read(json, needsId: true, out fault) },
            MqttMessageKind.Seen => report with { Event = EventReader.Read(json, EventWords.Seen, out fault) },
            MqttMessageKind.Reading => report with { Event = EventReader.Read(json, EventWords.Reading, out fault) },
            _ => report with { Event = EventReader.Read(json, null, out fault) },
        };
        return fault is null ? report : report with { Drop = MqttDrop.Malformed, Fault = fault };
    }

    /// <summary>Whatever a stranger put into it must not end a line of the log.</summary>
    private static string Clean(string? topic)
    {
        var shown = topic ?? "";
        var isLong = shown.Length > LoggedTopicLength;
        return string.Create(Math.Min(shown.Length, LoggedTopicLength) + (isLong ? 1 : 0), shown, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = i >= LoggedTopicLength ? '~' : from[i] is > ' ' and <= '~' ? from[i] : '?';
        });
    }
}
