using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MediaScore.Timeline;

/// <summary>
/// Observations as UTF-8 JSON, the body of a timeline record (docs/formats/timeline.md). The same observation always gives the same bytes: properties in the
/// order of declaration, <c>kind</c> first, times as whole microseconds, ranges as <c>[start,end]</c>, numbers in their shortest round-trip form.
/// </summary>
public static class ObservationSerializer
{
    // Text in any script stays readable UTF-8: a timeline is never part of an HTML page as it stands.
    private static readonly ObservationJsonContext Context =
        new(new JsonSerializerOptions(ObservationJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The bytes of one observation.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite: evidence that cannot be compared is a bug of its maker.</exception>
    public static byte[] Write(Observation observation) => JsonSerializer.SerializeToUtf8Bytes(observation, Context.Observation);

    /// <summary>The observation that <paramref name="utf8"/> holds. Fields that this version doesn't know are passed over.</summary>
    /// <param name="observation">Null when false is returned.</param>
    /// <param name="skipReason">Why it can't be read: a kind of a newer version, a missing field. Null when true is returned.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out Observation? observation, [NotNullWhen(false)] out string? skipReason)
    {
        try
        {
            observation = JsonSerializer.Deserialize(utf8, Context.Observation);
            skipReason = observation is null ? "the record holds no observation" : null;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            observation = null;
            skipReason = TryReadKind(utf8) is not { } kind ? "the record is not an observation"
                : IsKnown(kind) ? $"a record of kind '{kind}' cannot be read: {fault.Message}"
                : $"unknown kind '{kind}': written by a newer version";
        }

        return observation is not null;
    }

    private static bool IsKnown(string kind) =>
        Context.Observation.PolymorphismOptions!.DerivedTypes.Any(type => kind.Equals(type.TypeDiscriminator));

    private static string? TryReadKind(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return null;
            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out var kind)
                    && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
