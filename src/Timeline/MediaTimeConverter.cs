using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary><see cref="MediaTime"/> as a whole number of microseconds.</summary>
internal sealed class MediaTimeConverter : JsonConverter<MediaTime>
{
    public override MediaTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, MediaTime value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Microseconds);
}

/// <summary><see cref="MediaRange"/> as <c>[start,end]</c> in microseconds.</summary>
internal sealed class MediaRangeConverter : JsonConverter<MediaRange>
{
    public override MediaRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A media range is [start,end].");
        var start = ReadTime(ref reader);
        var end = ReadTime(ref reader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("A media range is [start,end].");
        return new MediaRange(start, end);
    }

    public override void Write(Utf8JsonWriter writer, MediaRange value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Start.Microseconds);
        writer.WriteNumberValue(value.End.Microseconds);
        writer.WriteEndArray();
    }

    private static MediaTime ReadTime(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var microseconds)
            ? new MediaTime(microseconds)
            : throw new JsonException("A media range holds two whole numbers.");
}

/// <summary><see cref="TimeSpan"/> as a whole number of microseconds.</summary>
internal sealed class MicrosecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromMicroseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Ticks / TimeSpan.TicksPerMicrosecond);
}
