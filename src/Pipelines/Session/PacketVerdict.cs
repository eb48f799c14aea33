namespace MediaScore.Pipelines.Session;

/// <summary>What became of one message from a connection.</summary>
public enum PacketOutcome
{
    /// <summary>In the recording; durable after the next acknowledgement.</summary>
    Recorded,

    /// <summary>Its sequence number was seen before; dropped.</summary>
    Duplicate,

    /// <summary>Its modality has no consent or no permission; neither recorded nor analysed.</summary>
    NotPermitted,

    /// <summary>Against the rules of the wire; the connection should be closed with the reason.</summary>
    Refused,

    /// <summary>Another connection has taken the interview over.</summary>
    Superseded,

    /// <summary>The interview has ended.</summary>
    Ended,
}

/// <summary>Answer to one message. <paramref name="Reason"/> is set when refused: what, which, the limit.</summary>
public readonly record struct PacketVerdict(PacketOutcome Outcome, string? Reason = null)
{
    public static PacketVerdict Refuse(string reason) => new(PacketOutcome.Refused, reason);
}
