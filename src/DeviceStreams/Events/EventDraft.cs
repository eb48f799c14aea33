using System.Globalization;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Events;

/// <summary>An event as a device told it, checked, before it is known whose it is.</summary>
internal sealed record EventDraft
{
    /// <summary>What makes it the same event when it comes again, at most 120 characters.</summary>
    public required string Key { get; init; }

    public required DeviceEventKind Kind { get; init; }

    public DeviceEventOutcome Outcome { get; init; }

    public ToldTime At { get; init; }

    public string? Person { get; init; }

    public string Method { get; init; } = "";

    public string Code { get; init; } = "";

    public string Direction { get; init; } = "";

    public string Door { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>What has no column of its own, a JSON object.</summary>
    public EventDetail Detail { get; init; }

    /// <summary>A row each; empty where nothing was measured.</summary>
    public IReadOnlyList<Reading> Readings { get; init; } = [];

    /// <summary>As they are stored.</summary>
    public IEnumerable<DeviceEventRow> ToRows(Device device, DeviceOptions options, DateTimeOffset arrivedAt)
    {
        var occurredAt = At.Resolve(device.Zone(options.TimeZone), arrivedAt);
        if (Readings.Count == 0)
        {
            yield return Row(device, Key, occurredAt, Code, Detail.ToJson());
            yield break;
        }

        for (var i = 0; i < Readings.Count; i++)
        {
            var key = Readings.Count == 1 ? Key : string.Create(CultureInfo.InvariantCulture, $"{Key}/{i}");
            yield return Row(device, key, occurredAt, Readings[i].Name, (Detail with { Reading = Readings[i] }).ToJson());
        }
    }

    private DeviceEventRow Row(Device device, string key, DateTimeOffset occurredAt, string code, string? detail) => new()
    {
        Tenant = device.Tenant,
        DeviceId = device.Id,
        DeduplicationKey = key,
        Kind = Kind,
        Outcome = Outcome,
        PersonNumber = Person,
        OccurredAt = occurredAt,
        DeviceTime = At.Text ?? "",
        Method = Method,
        Code = code,
        Direction = Direction,
        Door = Door.Length > 0 ? Door : device.Row.Door,
        Reason = Reason,
        Detail = detail,
    };
}
