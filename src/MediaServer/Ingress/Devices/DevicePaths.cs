namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Paths that devices call over HTTP. Each has its own proof of who calls: a key, a path that is a secret, or a serial that a person approved.</summary>
internal static class DevicePaths
{
    public const string Api = "/devices/v1";

    /// <summary>To be asked behind the routing. What a terminal's path looks like decides nothing: pages have paths of any words.</summary>
    // The device API has its folder alone; also what is wrong with a call there (405, 415) is said to devices.
    public static bool Includes(HttpContext http) =>
        http.Request.Path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase) || http.GetEndpoint()?.Metadata.GetMetadata<TerminalMark>() is not null;

    /// <summary>This endpoint is for terminals that call by themselves.</summary>
    public static void ForTerminals(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(TerminalMark.Instance);

    private sealed class TerminalMark
    {
        public static readonly TerminalMark Instance = new();
    }
}
