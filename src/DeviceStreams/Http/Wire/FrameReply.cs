namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What one frame showed, and the decision where it brought one.</summary>
public sealed record FrameReply
{
    /// <summary>The device's number of the frame.</summary>
    public required ulong FrameId { get; init; }

    /// <summary>"used", "no-face", "poor" (a face, and not worth enough), "late" (not looked at in time) or "failed" (a model failed, or is missing).</summary>
    public required string Verdict { get; init; }

    /// <summary>For the person at the door: "too dark", "turn to the camera".</summary>
    public required string Reason { get; init; }

    /// <summary>Faces in the picture.</summary>
    public required int FaceCount { get; init; }

    /// <summary>Where the largest face is.</summary>
    public FaceBox? Box { get; init; }

    /// <summary>What that face is worth for recognising, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>The pass that this frame belongs to: a person in front of the device, from the first frame with the face to the last; 0 without a face.</summary>
    public required ulong PassId { get; init; }

    /// <summary>One a pass, with the frame that brought it; it may be about the pass before.</summary>
    public FrameDecision? Decision { get; init; }

    /// <summary>That of the pass before, where one frame brought both: somebody stepped in before whoever stood there was decided.</summary>
    public FrameDecision? EarlierDecision { get; init; }
}

/// <summary>Shares of the picture's width and height.</summary>
public sealed record FaceBox
{
    /// <summary>From the left edge, 0 to 1.</summary>
    public required double Left { get; init; }

    /// <summary>From the upper edge, 0 to 1.</summary>
    public required double Top { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Width { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Height { get; init; }
}

/// <summary>What the door does about one pass. It is stored before it is told.</summary>
public sealed record FrameDecision
{
    /// <summary>The pass that it is about.</summary>
    public required ulong PassId { get; init; }

    /// <summary>"granted", "denied" (recognised, and not allowed here), "not-recognised", "spoof", "timed-out" or "not-assessed".</summary>
    public required string Outcome { get; init; }

    /// <summary>Number of the person who was recognised.</summary>
    public string? Person { get; init; }

    /// <summary>Name of the person who was recognised.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Cosine of the best template; null where nothing was compared.</summary>
    public double? Similarity { get; init; }

    /// <summary>Probability that a living face was seen, 0 to 1; null where it was not checked.</summary>
    public double? LiveProbability { get; init; }

    /// <summary>For a log.</summary>
    public required string Reason { get; init; }

    /// <summary>Open the door for so many seconds; 0: do not.</summary>
    public required int OpenSeconds { get; init; }

    /// <summary>From the arrival of the frame that decided to the decision on the disk, in milliseconds.</summary>
    public required double LatencyMs { get; init; }
}
