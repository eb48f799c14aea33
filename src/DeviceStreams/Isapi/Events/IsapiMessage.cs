namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>What one JSON or XML body holds.</summary>
/// <param name="HasHeartbeat">Among what is no event.</param>
/// <param name="SkippedCount">What should have been an event, and has no numbers.</param>
internal sealed record IsapiMessage(IReadOnlyList<IsapiEvent> Events, bool HasHeartbeat, int SkippedCount);
