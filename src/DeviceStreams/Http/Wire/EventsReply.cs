namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What became of a batch: all that is not refused is stored for good, and the device may forget it.</summary>
public sealed record EventsReply
{
    /// <summary>Events that are new.</summary>
    public required int Stored { get; init; }

    /// <summary>Events that were stored before.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Events that are not what they should be, and never will be: sending them again changes nothing.</summary>
    public required IReadOnlyList<RefusedEvent> Refused { get; init; }
}

/// <summary>An event that was not stored.</summary>
public sealed record RefusedEvent
{
    /// <summary>Its place in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required string Fault { get; init; }
}
