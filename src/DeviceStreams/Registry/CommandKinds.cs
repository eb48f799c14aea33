namespace MediaScore.DeviceStreams.Registry;

/// <summary>Commands that every protocol understands in its own way, as far as its devices can.</summary>
public static class CommandKinds
{
    public const string Enrol = "enrol";
    public const string Delete = "delete";
    public const string TimeSync = "time-sync";
    public const string Settings = "settings";
    public const string FetchLogs = "fetch-logs";
    public const string OpenDoor = "open-door";
}
