using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.ZkPush;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Paths of terminals that call by themselves: ZKTeco's PUSH, and what Hikvision devices post. What happens behind them is those protocols' own business.</summary>
internal static class TerminalEndpoints
{
    public static void MapTerminals(this IEndpointRouteBuilder endpoints, ZkPushServer zkPush, IsapiListener isapi)
    {
        Task PushAsync(HttpContext http) => HandleZkPushAsync(http, zkPush);
        endpoints.Map("/iclock/{**call}", PushAsync).ForTerminals();
        // The firmware may stand behind a prefix.
        endpoints.Map("/{prefix}/iclock/{**call}", PushAsync).ForTerminals();
        endpoints.Map(PushToken.PathPrefix + "{**token}", http => HandleIsapiAsync(http, isapi)).ForTerminals();
    }

    private static async Task HandleZkPushAsync(HttpContext http, ZkPushServer server)
    {
        var reply = await server.HandleAsync(
            DeviceExchange.HeadOf(http.Request), (maxBytes, cancellationToken) => DeviceExchange.ReadAsync(http.Request, maxBytes, cancellationToken), http.RequestAborted);
        await DeviceExchange.WriteAsync(http.Response, reply, http.RequestAborted);
    }

    private static async Task HandleIsapiAsync(HttpContext http, IsapiListener listener)
    {
        var request = DeviceExchange.HeadOf(http.Request);
        // A path that nobody listens on is no reason to read megabytes.
        var maxBytes = listener.Knows(request.Path) ? IsapiListener.MaxBodyBytes : 0;
        if (await TryReadAsync(http, maxBytes) is not { } body)
            return;
        var reply = body.IsWhole || maxBytes == 0
            ? await listener.HandleAsync(request with { Body = body.Bytes }, http.RequestAborted)
            : DeviceReply.Text("too large", StatusCodes.Status413PayloadTooLarge);
        await DeviceExchange.WriteAsync(http.Response, reply, http.RequestAborted);
    }

    /// <returns>Null where it was cut: then there is nobody to answer, and nothing was taken.</returns>
    private static async Task<(ReadOnlyMemory<byte> Bytes, bool IsWhole)?> TryReadAsync(HttpContext http, int maxBytes)
    {
        try
        {
            return await DeviceExchange.ReadAsync(http.Request, maxBytes, http.RequestAborted) is { } body ? (body, true) : (ReadOnlyMemory<byte>.Empty, false);
        }
        catch (IOException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentLength = 0;
            return null;
        }
    }
}
