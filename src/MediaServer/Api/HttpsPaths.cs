using MediaScore.MediaServer.Ingress.Devices;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// What the HTTPS port serves: pages for candidates, reports and the console, each with its own token, and what devices call, which have keys and wait for a person's word.
/// It may be open to a whole network; whoever wants metrics, or wants to create interviews over gRPC, comes by the ports that are not.
/// </summary>
internal sealed class HttpsPaths(RequestDelegate next)
{
    private static readonly PathString[] Served = ["/interviews", "/console", "/assets", "/_content", "/healthz", "/mediascore.device.v1.DeviceService"];

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.IsHttps || DevicePaths.Includes(http) || Array.Exists(Served, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
