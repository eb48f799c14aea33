namespace MediaScore.Storage.Devices;

/// <summary>One record for all protocols: who asked for what where, when, and how it ended. Not changed after it is stored, but for a decision that the disk took too late for its door (<see cref="DeviceEventStore.AmendAsync"/>).</summary>
public sealed class DeviceEventRow
{
    /// <summary>Grows in the order of storing.</summary>
    public long Id { get; set; }

    public required string Tenant { get; set; }

    public required string DeviceId { get; set; }

    /// <summary>What makes it the same event when the device sends it again, in the words of its protocol; unique in a device, at most 128 characters.</summary>
    public required string DeduplicationKey { get; set; }

    public DeviceEventKind Kind { get; set; }

    public DeviceEventOutcome Outcome { get; set; }

    /// <summary>As the device names the person, at most 64 characters; null where nobody was recognised.</summary>
    public string? PersonNumber { get; set; }

    /// <summary>When it happened, by the device's clock and the zone that the server knows it by.</summary>
    public DateTimeOffset OccurredAt { get; set; }

    /// <summary>The time as the device wrote it, at most 40 characters: what a wrong zone can be mended from.</summary>
    public string DeviceTime { get; set; } = "";

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary><c>face</c>, <c>card</c>, <c>fingerprint</c>, <c>password</c>, <c>palm</c>, <c>button</c>, several joined by "+", or the device's own number.</summary>
    public string Method { get; set; } = "";

    /// <summary>The device's own code, at most 64 characters.</summary>
    public string Code { get; set; } = "";

    /// <summary><c>in</c>, <c>out</c> or empty.</summary>
    public string Direction { get; set; } = "";

    public string Door { get; set; } = "";

    /// <summary>Cosine of the best template; null where nothing was compared here.</summary>
    public double? Similarity { get; set; }

    /// <summary>Probability that a living face was seen; null where not checked.</summary>
    public double? Liveness { get; set; }

    /// <summary>At most 256 characters.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Name of the sealed picture, or null.</summary>
    public string? Picture { get; set; }

    /// <summary>What else the device said, as a JSON object of at most 4,096 characters; null: nothing.</summary>
    public string? Detail { get; set; }
}
