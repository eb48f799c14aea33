using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(MediaTimeConverter), typeof(MediaRangeConverter), typeof(MicrosecondsConverter)])]
[JsonSerializable(typeof(Observation))]
internal sealed partial class ObservationJsonContext : JsonSerializerContext;
