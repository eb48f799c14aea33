namespace MediaScore.DeviceStreams.Registry;

/// <summary>Of <see cref="CommandKinds.Enrol"/>: a terminal with a camera takes pictures of whoever stands there for so many seconds.</summary>
public sealed record EnrolArguments(string PersonNumber, string DisplayName = "", int Seconds = 20);

/// <summary>Of <see cref="CommandKinds.Delete"/>.</summary>
public sealed record DeleteArguments(string PersonNumber);

/// <summary>Of <see cref="CommandKinds.FetchLogs"/>; null: all that it has.</summary>
public sealed record FetchLogsArguments(ulong? FromRecordId = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Of <see cref="CommandKinds.OpenDoor"/>.</summary>
public sealed record OpenDoorArguments(int Seconds = 3);
