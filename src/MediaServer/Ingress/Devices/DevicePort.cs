using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>
/// The port for devices that speak HTTP without TLS (<c>Server:DevicesPort</c>): it serves their paths and nothing else, so that a network of terminals can be let to it while pages, metrics
/// and gRPC stay where they are.
/// </summary>
internal sealed class DevicePort(RequestDelegate next)
{
    /// <summary>Connections of this port carry the mark.</summary>
    public static void Mark(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(connected => connection =>
        {
            connection.Features.Set(ConnectionMark.Instance);
            return connected(connection);
        });
    }

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<ConnectionMark>() is null || DevicePaths.Includes(http))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private sealed class ConnectionMark
    {
        public static readonly ConnectionMark Instance = new();
    }
}
