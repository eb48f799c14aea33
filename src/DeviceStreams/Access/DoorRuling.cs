namespace MediaScore.DeviceStreams.Access;

/// <param name="Reason">For a log; empty where it may open.</param>
public readonly record struct DoorRuling(bool MayOpen, string Reason);
