using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What an event says beside the fields that all protocols have, as the JSON object of <c>DeviceEventRow.Detail</c>.</summary>
internal struct ZkDetail
{
    private const int MaxLength = 4_096;
    private const int MaxValueLength = 256;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonObject? _values;

    /// <summary>What is empty is left out.</summary>
    public void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            (_values ??= new JsonObject())[name] = ZkText.Cut(value, MaxValueLength);
    }

    /// <summary>Terminals write 0 where they have nothing to say.</summary>
    public void AddUnlessZero(string name, ReadOnlySpan<byte> value, ZkEncoding encoding)
    {
        if (value.IndexOfAnyExcept(" 0.-"u8) >= 0)
            Add(name, ZkText.Clean(value, encoding, MaxValueLength));
    }

    public readonly string? ToJson() => _values?.ToJsonString(Json) is { Length: <= MaxLength } text ? text : null;
}
