using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>What a device told beside the columns of an event.</summary>
/// <param name="Own">The device's own JSON object, at most <see cref="MaxOwnLength"/> characters.</param>
internal readonly record struct EventDetail(string? Badge, string? Reader, double? RssiDbm, double? BatteryPercent, Reading? Reading, string? Own)
{
    /// <summary>With all the rest it stays below the 4,096 characters that an event's row has for it.</summary>
    public const int MaxOwnLength = 3_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null where there is nothing.</returns>
    public string? ToJson()
    {
        if (this == default)
            return null;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            Write(writer, "badge", Badge);
            Write(writer, "reader", Reader);
            Write(writer, "rssiDbm", RssiDbm);
            Write(writer, "batteryPercent", BatteryPercent);
            if (Reading is { } reading)
            {
                writer.WriteString("name", reading.Name);
                writer.WriteNumber("value", reading.Value);
                Write(writer, "unit", reading.Unit.Length > 0 ? reading.Unit : null);
            }

            if (Own is not null)
            {
                writer.WritePropertyName("detail");
                writer.WriteRawValue(Own);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }
}
