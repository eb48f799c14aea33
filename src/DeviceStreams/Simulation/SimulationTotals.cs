namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What all devices of a run have done so far.</summary>
/// <param name="Sent">Frames or events, those sent again left out.</param>
/// <param name="Answered">Of those, answered or acknowledged.</param>
/// <param name="Refused">Connections or requests that the server turned away.</param>
/// <param name="Outcomes">Decisions by outcome, as the server names them.</param>
/// <param name="Recognised">Decisions that named the person whose face was shown.</param>
/// <param name="TakenForAnother">Decisions that named somebody else.</param>
/// <param name="NotRecognised">Decisions about somebody who is enrolled, that named nobody.</param>
/// <param name="P50Ms">From the moment at which the deciding frame was due to its decision; null without any.</param>
/// <param name="Fault">Of the first device that broke down; null: none did.</param>
public sealed record SimulationTotals(
    double Seconds, int Devices, long Sent, long Answered, long Refused, long Reconnects, long Resent, long Decisions, IReadOnlyDictionary<string, long> Outcomes,
    long Recognised, long TakenForAnother, long NotRecognised, double? P50Ms, double? P95Ms, double? P99Ms, double? MaxMs, string? Fault);
