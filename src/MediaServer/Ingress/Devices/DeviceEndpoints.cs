using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.ZkPush;
using Microsoft.AspNetCore.Mvc;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Paths of devices that speak HTTP in a maker's own way. What happens behind them is each protocol's.</summary>
internal static class DeviceEndpoints
{
    /// <summary>All that devices ask for: what their own port serves, and nothing else.</summary>
    public static readonly PathString[] Paths = ["/iclock", "/devices"];

    public static void MapDevices(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDeviceApi();
        endpoints.MapDeviceApiDocument();
        // Every method: which ones there are is the protocol's to say.
        endpoints.Map("/iclock/{**call}", PushAsync).ExcludeFromDescription();
        endpoints.Map(PushToken.PathPrefix + "{**token}", HearAsync).ExcludeFromDescription();
    }

    private static async Task PushAsync(HttpContext http, [FromServices] ZkPushServer push)
    {
        var exchange = new DeviceExchange(http);
        await exchange.ReplyAsync(await push.HandleAsync(exchange.Request(), exchange.ReadAsync, http.RequestAborted));
    }

    private static async Task HearAsync(HttpContext http, [FromServices] IsapiService isapi)
    {
        var exchange = new DeviceExchange(http);
        var request = exchange.Request();
        // What an unknown path is answered needs no body.
        if (isapi.Listener.Hears(request.Path))
        {
            if (await exchange.ReadAsync(IsapiListener.MaxBodyBytes, http.RequestAborted) is not { } body)
            {
                await exchange.ReplyAsync(DeviceReply.Text($"more than {IsapiListener.MaxBodyBytes >> 20} MiB", StatusCodes.Status413PayloadTooLarge));
                return;
            }

            request = request with { Body = body };
        }

        await exchange.ReplyAsync(await isapi.Listener.HandleAsync(request, http.RequestAborted));
    }
}
