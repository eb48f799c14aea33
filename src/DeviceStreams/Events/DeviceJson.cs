using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace MediaScore.DeviceStreams.Events;

/// <summary>Opens what a device sent as JSON. Never throws for what the bytes hold; memory is a small multiple of them.</summary>
internal static class DeviceJson
{
    // An event has two levels, a batch of them four, and the device's own detail some more.
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <param name="bytes">Read until the document is disposed.</param>
    /// <param name="document">The caller disposes it.</param>
    /// <param name="fault">What is wrong and where; none of the content.</param>
    public static bool TryOpen(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? fault)
    {
        document = null;
        if (!Utf8.IsValid(bytes.Span))
        {
            fault = "it is not UTF-8";
            return false;
        }

        try
        {
            document = JsonDocument.Parse(bytes, Options);
            fault = null;
            return true;
        }
        catch (JsonException e)
        {
            fault = $"it is no JSON of at most {MaxDepth} levels: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            return false;
        }
    }
}
