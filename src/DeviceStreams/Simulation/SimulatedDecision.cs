namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What a simulated terminal saw of one decision.</summary>
/// <param name="Expected">The number of the person whose face was shown; empty: nobody who is enrolled.</param>
/// <param name="Recognised">The number that the server said; empty: none.</param>
/// <param name="DueAt">When the frame that decided was due to be sent: latencies count from it, so that a late sender makes them longer, never shorter. Null where time decided, and no frame.</param>
/// <param name="AnsweredAt">When the decision arrived.</param>
public sealed record SimulatedDecision(string Serial, string Outcome, string Expected, string Recognised, DateTimeOffset? DueAt, DateTimeOffset AnsweredAt);
