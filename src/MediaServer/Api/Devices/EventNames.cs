using MediaScore.DeviceStreams;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>What devices and people are called, for a list of events. Made for one answer: names change.</summary>
internal sealed class EventNames(DeviceParts parts)
{
    private readonly Dictionary<string, string> _devices = parts.Registry.List().ToDictionary(
        device => device.Id, device => device.Row.Name.Length > 0 ? device.Row.Name : device.Row.Serial, StringComparer.Ordinal);

    /// <summary>Of a device that was removed: its id.</summary>
    public string DeviceOf(string id) => _devices.GetValueOrDefault(id, id);

    public string? PersonOf(string tenant, string? number) => number is not null && parts.Gallery.Find(tenant, number) is { DisplayName: { Length: > 0 } name } ? name : null;
}
