namespace MediaScore.Load.Results;

/// <summary>What simulated face terminals saw beside the interviews. Counts are of what was due in the measured window where nothing else is said.</summary>
internal sealed record DriverTerminals
{
    /// <summary>Terminals at once.</summary>
    public required int Count { get; init; }

    /// <summary>Of each.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>People whose faces were shown, and of them those who were enrolled before.</summary>
    public required int People { get; init; }

    public required int PeopleEnrolled { get; init; }

    /// <summary>From the intended time of the frame that decided to the decision at the terminal.</summary>
    public required Percentiles FrameToDecision { get; init; }

    /// <summary>How late the terminals' own sends were: a part of the above that is the driver's own.</summary>
    public required Percentiles SendLag { get; init; }

    /// <summary>Frames by what the server said of them: <c>Used</c>, <c>NoFace</c>, <c>Poor</c>, <c>Busy</c>, <c>Late</c> and so on.</summary>
    public required IReadOnlyDictionary<string, long> Frames { get; init; }

    /// <summary>Decisions by outcome: <c>Granted</c>, <c>NotRecognised</c>, <c>TimedOut</c> and so on.</summary>
    public required IReadOnlyDictionary<string, long> Decisions { get; init; }

    /// <summary>Decisions that the end of the time for one brought, and no frame: in no latency.</summary>
    public required long DecisionsUntimed { get; init; }

    /// <summary>Decisions that named the person whose face was shown.</summary>
    public required long Recognised { get; init; }

    /// <summary>Decisions that named somebody else.</summary>
    public required long TakenForAnother { get; init; }

    /// <summary>Decisions that named nobody, although the person is enrolled.</summary>
    public required long NotRecognised { get; init; }

    /// <summary>Of the whole run.</summary>
    public required long FramesSent { get; init; }

    /// <summary>Of the whole run.</summary>
    public required long FramesAnswered { get; init; }

    /// <summary>Of the whole run: streams that ended before their time.</summary>
    public required long Reconnects { get; init; }

    /// <summary>Frames that were not looked at because the one before still was.</summary>
    public long BusyFrames => Frames.GetValueOrDefault("Busy");

    /// <summary>Decisions that came later than the person waits: the door stayed closed.</summary>
    public long TimedOut => Decisions.GetValueOrDefault("TimedOut");

    public long DecisionCount => Decisions.Values.Sum();
}
