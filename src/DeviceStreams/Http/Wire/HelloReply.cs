namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What a device is told that says hello.</summary>
public sealed record HelloReply
{
    /// <summary>The server's name for it, as the devices page shows it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>"approved", or "pending": a person has to approve it first. It says hello again in a minute and keeps what it has.</summary>
    public required string State { get; init; }

    /// <summary>The server's clock.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>Null while the device is pending.</summary>
    public DoorSettings? Settings { get; init; }
}

/// <summary>How this device's door decides.</summary>
public sealed record DoorSettings
{
    /// <summary>Least cosine of two faces of one person, 0 to 1.</summary>
    public required double AcceptSimilarity { get; init; }

    /// <summary>No door opens for a face that was not found alive.</summary>
    public required bool LivenessRequired { get; init; }

    /// <summary>How long a person waits for a decision, in milliseconds, where a frame does not say.</summary>
    public required int DeadlineMs { get; init; }

    /// <summary>How long the door stays open, in seconds.</summary>
    public required int OpenSeconds { get; init; }
}
