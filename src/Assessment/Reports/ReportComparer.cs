using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaScore.Assessment.Reports;

/// <summary>Says what differs between two reports, leaving out what the schema marks as volatile.</summary>
public static class ReportComparer
{
    private const int MaxShownCharacters = 200;

    private static readonly Lazy<IReadOnlySet<string>> LazyVolatile = new(() => VolatileOf(JsonDocument.Parse(ReportJson.Schema).RootElement));

    /// <summary>JSON Pointers of the fields that differ between two runs of the same interview: ids and wall-clock times.</summary>
    public static IReadOnlySet<string> VolatilePointers => LazyVolatile.Value;

    /// <returns>In document order; empty when they are equal.</returns>
    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public static IReadOnlyList<ReportDifference> Compare(ReadOnlyMemory<byte> leftJson, ReadOnlyMemory<byte> rightJson)
    {
        var differences = new List<ReportDifference>();
        using var left = JsonDocument.Parse(leftJson);
        using var right = JsonDocument.Parse(rightJson);
        Compare(left.RootElement, right.RootElement, "", differences);
        return differences;
    }

    private static void Compare(JsonElement left, JsonElement right, string pointer, List<ReportDifference> differences)
    {
        if (VolatilePointers.Contains(pointer))
            return;
        if (left.ValueKind == JsonValueKind.Object && right.ValueKind == JsonValueKind.Object)
            CompareFields(left, right, pointer, differences);
        else if (left.ValueKind == JsonValueKind.Array && right.ValueKind == JsonValueKind.Array)
            CompareItems(left, right, pointer, differences);
        else if (left.ValueKind != right.ValueKind || left.GetRawText() != right.GetRawText())
            differences.Add(new ReportDifference(pointer, Shown(left), Shown(right)));
    }

    private static void CompareFields(JsonElement left, JsonElement right, string pointer, List<ReportDifference> differences)
    {
        foreach (var field in left.EnumerateObject())
        {
            var below = $"{pointer}/{Escape(field.Name)}";
            if (right.TryGetProperty(field.Name, out var other))
                Compare(field.Value, other, below, differences);
            else if (!VolatilePointers.Contains(below))
                differences.Add(new ReportDifference(below, Shown(field.Value), null));
        }

        foreach (var field in right.EnumerateObject())
        {
            var below = $"{pointer}/{Escape(field.Name)}";
            if (!left.TryGetProperty(field.Name, out _) && !VolatilePointers.Contains(below))
                differences.Add(new ReportDifference(below, null, Shown(field.Value)));
        }
    }

    private static void CompareItems(JsonElement left, JsonElement right, string pointer, List<ReportDifference> differences)
    {
        var (leftCount, rightCount) = (left.GetArrayLength(), right.GetArrayLength());
        for (var i = 0; i < Math.Max(leftCount, rightCount); i++)
        {
            var below = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}");
            if (i >= rightCount)
                differences.Add(new ReportDifference(below, Shown(left[i]), null));
            else if (i >= leftCount)
                differences.Add(new ReportDifference(below, null, Shown(right[i])));
            else
                Compare(left[i], right[i], below, differences);
        }
    }

    /// <summary>Volatile fields stand in objects only, never in lists; the schema's test keeps that.</summary>
    private static HashSet<string> VolatileOf(JsonElement schema)
    {
        var pointers = new HashSet<string>(StringComparer.Ordinal);
        Collect(schema, "");
        return pointers;

        void Collect(JsonElement node, string pointer)
        {
            if (node.TryGetProperty("$ref", out var reference))
                node = schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]);
            if (!node.TryGetProperty("properties", out var properties))
                return;
            foreach (var property in properties.EnumerateObject())
            {
                var below = $"{pointer}/{Escape(property.Name)}";
                if (property.Value.TryGetProperty("volatile", out var mark) && mark.GetBoolean())
                    pointers.Add(below);
                Collect(property.Value, below);
            }
        }
    }

    private static string Shown(JsonElement value)
    {
        // On one line, whatever the indentation of the document.
        var text = JsonNode.Parse(value.GetRawText())?.ToJsonString() ?? "null";
        return text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "…";
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
