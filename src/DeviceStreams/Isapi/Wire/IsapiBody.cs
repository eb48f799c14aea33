using System.Text.Json;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Reads a body, whatever its Content-Type says: by its first byte. Bounded in depth and in the number of its elements; no input throws.</summary>
internal static class IsapiBody
{
    /// <summary>A device's own bodies have 6.</summary>
    public const int MaxDepth = 32;

    /// <summary>Of one body. A page of 30 events has some 600, of 30 people 1,000.</summary>
    public const int MaxNodes = 20_000;

    /// <summary>JSON or XML text of one body, in bytes.</summary>
    public const int MaxBytes = 4 << 20;

    private const int MostValues = 1_000;

    private static readonly JsonReaderOptions ReaderOptions = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth, AllowMultipleValues = true };

    /// <summary>The first value.</summary>
    /// <returns>A node without a name that holds it: one child named as XML's root, or JSON's members. Null with the fault where it is neither.</returns>
    public static IsapiNode? TryRead(ReadOnlySpan<byte> body, out string fault) => ReadAll(body, out fault) is [var first, ..] ? first : null;

    /// <summary>All values of a body; several JSON objects come one after another now and then.</summary>
    /// <param name="fault">What stopped it; empty where it read to the end.</param>
    public static IReadOnlyList<IsapiNode> ReadAll(ReadOnlySpan<byte> body, out string fault)
    {
        var text = DeviceText.SkipBlank(body);
        if (text.Length > MaxBytes)
        {
            fault = $"{text.Length} bytes of text; at most {MaxBytes}";
            return [];
        }

        switch (text)
        {
            case [(byte)'{' or (byte)'[', ..]:
                return ReadJson(text, out fault);
            case [(byte)'<', ..]:
                return IsapiXml.TryRead(DeviceText.Decode(text), out fault) is { } root ? [root] : [];
            case []:
                fault = "empty";
                return [];
            default:
                fault = "neither JSON nor XML";
                return [];
        }
    }

    private static List<IsapiNode> ReadJson(ReadOnlySpan<byte> json, out string fault)
    {
        var values = new List<IsapiNode>();
        if (TryReadJson(json, values, out fault))
            return values;
        // Once more without what a device's printf let through; what was read before it is read again.
        var again = new List<IsapiNode>();
        if (TryReadJson(DeviceText.Mend(json), again, out var mendedFault))
            fault = mendedFault;
        return again.Count > values.Count ? again : values;
    }

    private static bool TryReadJson(ReadOnlySpan<byte> json, List<IsapiNode> values, out string fault)
    {
        fault = "";
        var budget = MaxNodes;
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            while (values.Count < MostValues && reader.Read())
            {
                using var document = JsonDocument.ParseValue(ref reader);
                var root = new IsapiNode("");
                if (!Fill(root, document.RootElement, ref budget))
                {
                    fault = $"more than {MaxNodes} elements";
                    return true;
                }

                values.Add(root);
            }

            return true;
        }
        catch (JsonException e)
        {
            fault = e.Message;
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string that is no UTF-8, or half a surrogate pair.
            fault = "text that is no UTF-8";
            return false;
        }
    }

    // Depth is bounded by the reader, so this recursion is as well.
    private static bool Fill(IsapiNode node, JsonElement element, ref int budget)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (!Add(node, member.Name, member.Value, ref budget))
                        return false;
                }

                return true;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (!Add(node, "", item, ref budget))
                        return false;
                }

                return true;
            default:
                node.Text = TextOf(element);
                return true;
        }
    }

    private static bool Add(IsapiNode parent, string name, JsonElement value, ref int budget)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (!Add(parent, name, item, ref budget))
                    return false;
            }

            return true;
        }

        if (--budget < 0)
            return false;
        var child = new IsapiNode(name);
        parent.Add(child);
        return Fill(child, value, ref budget);
    }

    private static string TextOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Trim(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => element.GetRawText(),
        _ => "",
    };
}
