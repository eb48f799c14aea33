using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>
/// Reads the fields of one JSON object that a device sent, and keeps the first fault. A field that is absent or null is none; one that is there has to be right.
/// The bytes behind it are valid UTF-8 (<see cref="DeviceJson"/> saw to that).
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement _json;

    public JsonFields(JsonElement json)
    {
        _json = json;
        if (json.ValueKind != JsonValueKind.Object)
            Fail("it is no JSON object");
    }

    /// <summary>The first thing that is wrong, for the log of whoever makes the device; null: nothing so far.</summary>
    public string? Fault { get; private set; }

    public void Fail(string fault) => Fault ??= fault;

    public bool TryGet(string name, out JsonElement value)
    {
        value = default;
        try
        {
            return Fault is null && _json.TryGetProperty(name, out value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape, in the name of some field.
            Fail("the name of a field is no Unicode");
            return false;
        }
    }

    /// <summary>Text without control characters; empty is none.</summary>
    public string? Text(string name, int maxLength)
    {
        if (!TryGet(name, out var value))
            return null;
        if (TextOf(value) is not { } text)
            return FailText($"{name} is no text");
        if (text.Length > maxLength)
            return FailText($"{name} has {text.Length} characters; at most {maxLength}");
        if (text.Any(char.IsControl))
            return FailText($"{name} has control characters");
        return text.Length > 0 ? text : null;
    }

    /// <summary>Printable ASCII without spaces: what becomes part of a key.</summary>
    public string? Token(string name, int maxLength)
    {
        var text = Text(name, maxLength);
        if (text is null || text.All(c => c is > ' ' and <= '~'))
            return text;
        return FailText($"{name} has characters that are not printable ASCII");
    }

    /// <summary>One of a few words; null: absent.</summary>
    public string? Word(string name, IReadOnlyCollection<string> words)
    {
        var text = Text(name, 64);
        return text is null || words.Contains(text) ? text : FailText($"{name} is none of {string.Join(", ", words)}");
    }

    public long? Integer(string name, long min, long max)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
            return number;
        Fail($"{name} is no whole number from {min} to {max}");
        return null;
    }

    /// <summary>A number that a double holds.</summary>
    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (!TryGet(name, out var value))
            return null;
        // 1e999 is read as infinity.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) && number >= min && number <= max)
            return number;
        Fail(min == double.MinValue ? $"{name} is no number" : $"{name} is no number from {min} to {max}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Fail($"{name} is neither true nor false");
        return null;
    }

    /// <summary>A JSON object as the device wrote it.</summary>
    public string? Object(string name, int maxLength)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            return FailText($"{name} is no JSON object");
        var text = value.GetRawText();
        return text.Length <= maxLength ? text : FailText($"{name} has {text.Length} characters; at most {maxLength}");
    }

    /// <summary>Null where it is no text, or no Unicode (half of a surrogate pair, written as an escape).</summary>
    public static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string? FailText(string fault)
    {
        Fail(fault);
        return null;
    }
}
