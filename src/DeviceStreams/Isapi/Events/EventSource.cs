namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>On which way an event came; the first one that brings it is written down.</summary>
internal enum EventSource { Stream, Replay, Log, Push }
