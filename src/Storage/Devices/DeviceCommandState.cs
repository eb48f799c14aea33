namespace MediaScore.Storage.Devices;

/// <summary>How far a command is; the names are stored.</summary>
public enum DeviceCommandState { Queued, Sent, Succeeded, Failed, Expired }
