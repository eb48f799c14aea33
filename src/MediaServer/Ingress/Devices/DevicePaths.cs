namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Paths that devices call over HTTP. Each has its own proof of who calls: a key, a path that is a secret, or a serial that a person approved.</summary>
internal static class DevicePaths
{
    public const string Api = "/devices/v1";

    /// <summary>ZKTeco's firmware; it may stand behind a prefix.</summary>
    public const string ZkPush = "/iclock/";

    public static bool Includes(PathString path) =>
        path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase)
        || path.Value?.StartsWith(DeviceStreams.Isapi.Push.PushToken.PathPrefix, StringComparison.OrdinalIgnoreCase) == true
        || path.Value?.Contains(ZkPush, StringComparison.OrdinalIgnoreCase) == true;
}
