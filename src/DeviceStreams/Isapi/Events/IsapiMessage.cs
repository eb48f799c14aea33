namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>What one JSON or XML body holds.</summary>
/// <param name="HasHeartbeat">Among what is no event.</param>
/// <param name="SkippedCount">What should have been an event, and has no numbers.</param>
/// <param name="Fault">Why it was not read to the end; empty where it was.</param>
internal sealed record IsapiMessage(IReadOnlyList<IsapiEvent> Events, bool HasHeartbeat, int SkippedCount, string Fault);
