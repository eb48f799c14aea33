using System.Net;
using System.Text.Json;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// What a person changes of a device, as a JSON merge patch (RFC 7396): what is not named stays, null goes back to the server's setting. All faults are told at once.
/// </summary>
internal sealed class DeviceChange
{
    private const int NameLength = 128;
    private const int WordLength = 64;
    private const int MostOpenSeconds = 600;

    private readonly List<Action<DeviceRow>> _changes = [];
    private readonly List<string> _faults = [];

    private DeviceChange()
    {
    }

    public IReadOnlyList<string> Faults => _faults;

    public static DeviceChange Read(JsonElement patch)
    {
        var change = new DeviceChange();
        if (patch.ValueKind is not JsonValueKind.Object)
            change._faults.Add("the body must be an object");
        else
            foreach (var field in patch.EnumerateObject())
                change.Read(field.Name, field.Value);
        return change;
    }

    public void Apply(DeviceRow row)
    {
        foreach (var change in _changes)
            change(row);
    }

    /// <summary>A place that a person names: one line of text.</summary>
    public static string? FaultOfText(string text, int length) => text.Length > length ? $"has at most {length} characters" : text.Any(char.IsControl) ? "has no line breaks or control characters" : null;

    public static string? FaultOfName(string name) => FaultOfText(name, NameLength);

    public static string? FaultOfDoor(string door) => FaultOfText(door, WordLength);

    private void Read(string field, JsonElement value)
    {
        switch (field)
        {
            case "name":
                ReadText(field, value, FaultOfName, (row, text) => row.Name = text);
                break;
            case "door":
                ReadText(field, value, FaultOfDoor, (row, text) => row.Door = text);
                break;
            case "timeZone":
                ReadText(field, value, zone => zone.Length == 0 || ZoneName.TryFind(zone, out _) ? null : ZoneName.Fault, (row, text) => row.TimeZone = text);
                break;
            case "network":
                ReadText(
                    field, value, network => network.Length == 0 || IPNetwork.TryParse(network, out _) ? null : "must be a network such as 192.168.1.0/24 or fd00::/8, without bits behind the prefix",
                    (row, text) => row.Network = text.Length > 0 ? text : null);
                break;
            case "acceptSimilarity":
                ReadSimilarity(field, value);
                break;
            case "liveness":
                ReadLiveness(field, value);
                break;
            case "openSeconds":
                ReadOpenSeconds(field, value);
                break;
            default:
                _faults.Add($"{field} cannot be changed here");
                break;
        }
    }

    private void ReadText(string field, JsonElement value, Func<string, string?> faultOf, Action<DeviceRow, string> set)
    {
        var text = value.ValueKind is JsonValueKind.Null ? "" : value.ValueKind is JsonValueKind.String ? value.GetString()!.Trim() : null;
        if (text is null)
            _faults.Add($"{field} must be a text");
        else if (faultOf(text) is { } fault)
            _faults.Add($"{field} {fault}");
        else
            _changes.Add(row => set(row, text));
    }

    private void ReadSimilarity(string field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null)
            _changes.Add(row => row.AcceptSimilarity = null);
        else if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var similarity) && similarity is >= 0 and <= 1)
            _changes.Add(row => row.AcceptSimilarity = similarity);
        else
            _faults.Add($"{field} must lie between 0 and 1, or be null for the server's setting");
    }

    private void ReadLiveness(string field, JsonElement value)
    {
        var modes = Enum.GetValues<LivenessMode>();
        var index = value.ValueKind is JsonValueKind.String ? Array.FindIndex(modes, mode => CandidateJson.Word(mode) == value.GetString()) : -1;
        if (index < 0)
            _faults.Add($"{field} must be one of {string.Join(", ", modes.Select(CandidateJson.Word))}");
        else
            _changes.Add(row => row.Liveness = modes[index]);
    }

    private void ReadOpenSeconds(string field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is >= 1 and <= MostOpenSeconds)
            _changes.Add(row => row.OpenSeconds = seconds);
        else
            _faults.Add($"{field} must be 1 to {MostOpenSeconds}");
    }
}
