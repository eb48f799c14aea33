namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Answers 404 to whatever comes by the <see cref="DevicePort"/> and is no device's path.</summary>
internal sealed class DevicePortPaths(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<DevicePort>() is null || Array.Exists(DeviceEndpoints.Paths, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
