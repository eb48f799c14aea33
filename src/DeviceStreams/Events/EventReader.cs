using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>
/// From an event in JSON, as badges, sensors and special devices send it over MQTT and HTTP, to a draft of what is stored. Pure: the same bytes give the same draft, so the same event
/// sent twice has one key. Limits are those of docs/formats/mqtt.md; they keep every text within its column.
/// </summary>
internal static class EventReader
{
    /// <summary>Values in one message.</summary>
    public const int MaxReadings = 16;

    private const int NumberLength = 64;
    private const int TextLength = 64;
    private const int MethodLength = 32;
    private const int UnitLength = 16;
    private const int ReasonLength = 256;
    private const int IdLength = 64;
    private const int BootLength = 32;

    /// <param name="kind">One of <see cref="EventWords.AllKinds"/> where it is known from elsewhere (a topic); null: the event says it.</param>
    /// <param name="fault">What is wrong with it; null with a draft.</param>
    /// <returns>Null where it is not what it should be.</returns>
    public static EventDraft? Read(JsonElement json, string? kind, out string? fault)
    {
        var fields = new JsonFields(json);
        kind ??= fields.Word("kind", EventWords.AllKinds);
        if (kind is null)
            fields.Fail($"kind is missing; it is one of {string.Join(", ", EventWords.AllKinds)}");
        var at = ToldTime.Read(fields, "at");
        var key = KeyOf(fields, json, at);
        var draft = fields.Fault is null ? Read(fields, json, kind!, key!, at) : null;
        fault = fields.Fault;
        return fault is null ? draft : null;
    }

    private static EventDraft Read(JsonFields fields, JsonElement json, string kind, string key, ToldTime at)
    {
        var (badge, reader) = (fields.Token("badge", TextLength), fields.Text("reader", TextLength));
        var (method, code) = (fields.Text("method", MethodLength), fields.Text("code", TextLength));
        if (kind == EventWords.Seen && badge is null)
            fields.Fail("badge is missing: who was seen");
        var readings = kind == EventWords.Reading ? ReadingsOf(fields, json) : [];
        return new EventDraft
        {
            Key = key,
            Kind = EventWords.KindOf(kind),
            Outcome = EventWords.OutcomeOf(fields.Word("outcome", EventWords.AllOutcomes)),
            At = at,
            Person = fields.Text("person", NumberLength),
            Method = method ?? kind switch { EventWords.Seen => "badge", "button" => "button", _ => "" },
            Code = code ?? kind switch { EventWords.Seen => badge ?? "", "battery" => "battery", _ => "" },
            Direction = fields.Word("direction", EventWords.Directions) ?? "",
            Door = fields.Text("door", TextLength) ?? reader ?? "",
            Reason = fields.Text("reason", ReasonLength) ?? "",
            Readings = readings,
            Detail = new EventDetail(
                badge, reader, fields.Number("rssiDbm", -200, 50), fields.Number("batteryPercent", 0, 100), null, fields.Object("detail", EventDetail.MaxOwnLength)),
        };
    }

    /// <summary>
    /// The device's id of the event; else its sequence number, with the time beside it, since a device that forgot its number over a reset begins again at one; else everything
    /// that it said, which then has to hold a time.
    /// </summary>
    private static string? KeyOf(JsonFields fields, JsonElement json, ToldTime at)
    {
        var (id, sequence, boot) = (fields.Token("id", IdLength), fields.Integer("seq", 0, long.MaxValue), fields.Token("boot", BootLength));
        if (fields.Fault is not null)
            return null;
        if (id is not null)
            return $"id/{id}";
        if (sequence is { } number)
            return string.Create(CultureInfo.InvariantCulture, $"seq/{boot}/{number}/{at.Text}");
        if (at.Text is { Length: > 0 })
            return "all/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json.GetRawText())));
        fields.Fail("id, seq and at are all missing: one of them has to tell this event from the next");
        return null;
    }

    /// <summary>One value in the object itself, or several under <c>readings</c>.</summary>
    private static List<Reading> ReadingsOf(JsonFields fields, JsonElement json)
    {
        var readings = new List<Reading>();
        if (!fields.TryGet("readings", out var list))
        {
            Add(json, "");
            return readings;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 1 or > MaxReadings)
        {
            fields.Fail($"readings is no list of 1 to {MaxReadings} values");
            return readings;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
            Add(item, $"readings[{index++}]: ");
        return readings;

        void Add(JsonElement item, string where)
        {
            var value = new JsonFields(item);
            var (name, number, unit) = (value.Text("name", TextLength), ValueOf(value), value.Text("unit", UnitLength));
            if (name is null || number is null)
                value.Fail("a reading has a name and a value");
            if (value.Fault is { } wrong)
                fields.Fail(where + wrong);
            else
                readings.Add(new Reading(name!, number!.Value, unit ?? ""));
        }
    }

    /// <summary>A number, or a switch that is on (1) or off (0).</summary>
    private static double? ValueOf(JsonFields reading) =>
        reading.TryGet("value", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? (value.GetBoolean() ? 1 : 0) : reading.Number("value");
}
