namespace MediaScore.Storage.Outbox;

/// <summary>An event for other systems, stored in the transaction of what it tells. Delivered at least once; the key lets a receiver drop the second.</summary>
public sealed class OutboxRow
{
    /// <summary>Grows in the order of storing.</summary>
    public long Id { get; set; }

    public required string Tenant { get; set; }

    /// <summary><c>device.event</c> and the like.</summary>
    public required string Topic { get; set; }

    /// <summary>Idempotency key, at most 200 characters, unique.</summary>
    public required string Key { get; set; }

    /// <summary>A JSON object.</summary>
    public required string Payload { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null until a receiver has taken it.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    public int AttemptCount { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }
}
