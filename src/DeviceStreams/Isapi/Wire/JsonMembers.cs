using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Changes members of a device's own JSON, and leaves all else as it was.</summary>
internal static class JsonMembers
{
    /// <param name="json">An object with the object <paramref name="root"/>; where it is not, that is made.</param>
    public static string Change(ReadOnlySpan<byte> json, string root, IReadOnlyDictionary<string, object> changes)
    {
        JsonObject? document = null;
        try
        {
            document = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, MaxDepth = IsapiBody.MaxDepth }) as JsonObject;
        }
        catch (JsonException)
        {
            // XML, mostly: then only the changes are sent.
        }

        document ??= [];
        if (document[root] is not JsonObject members)
            document[root] = members = [];
        foreach (var (name, value) in changes)
            members[name] = JsonValue.Create(value);
        return document.ToJsonString();
    }
}
