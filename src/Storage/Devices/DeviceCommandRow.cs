namespace MediaScore.Storage.Devices;

/// <summary>Something that a device was told to do. It is told again until it answers, or until it is too late.</summary>
public sealed class DeviceCommandRow
{
    /// <summary>Grows; also the number that the device sees.</summary>
    public long Id { get; set; }

    public required string DeviceId { get; set; }

    /// <summary><c>enrol</c>, <c>delete</c>, <c>time-sync</c>, <c>settings</c>, <c>fetch-logs</c>, <c>open-door</c>, or what only this protocol knows.</summary>
    public required string Kind { get; set; }

    /// <summary>What the kind needs, a JSON object.</summary>
    public string Arguments { get; set; } = "{}";

    public DeviceCommandState State { get; set; }

    /// <summary>The device's own code and words, at most 1,024 characters.</summary>
    public string Result { get; set; } = "";

    public int SentCount { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Not told any more after this time: a door must not open tomorrow because it was offline today.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
