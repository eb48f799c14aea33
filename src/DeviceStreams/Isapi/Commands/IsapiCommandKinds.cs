namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>Commands that only Hikvision devices know, beside <see cref="Registry.CommandKinds"/>.</summary>
public static class IsapiCommandKinds
{
    /// <summary>Writes this server into a free slot of the device's listeners; no arguments.</summary>
    public const string Listen = "isapi-listen";

    /// <summary>Takes it out again; no arguments.</summary>
    public const string Unlisten = "isapi-unlisten";

    /// <summary>Makes the device ask this server who may pass, or stop it: <see cref="RemoteCheckArguments"/>.</summary>
    public const string RemoteCheck = "isapi-remote-check";

    /// <summary>Reads what the device says of itself; no arguments.</summary>
    public const string Information = "isapi-info";
}
