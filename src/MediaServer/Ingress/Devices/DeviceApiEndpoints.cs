using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Http.Wire;
using Microsoft.AspNetCore.Mvc;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>The device API's paths, with what its document says of them. What happens behind them is <see cref="DeviceApi"/>'s.</summary>
internal static class DeviceApiEndpoints
{
    public const string DocumentPath = "/devices/v1/openapi.json";

    private const string Json = "application/json";

    // A device that is not known or not approved, one that asks too often, a server that cannot.
    private static readonly int[] AlwaysPossible = [401, 403, 429, 503];

    public static void MapDeviceApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(DevicePaths.Api).WithTags("device");
        api.MapPost("/hello", HandleAsync).WithName("hello").WithSummary("Say who it is")
            .WithDescription("At the start, and then every minute or so. A device that was never seen before is noted with its key, and waits (202) until a person has approved it.")
            .Accepts<HelloRequest>(Json).Produces<HelloReply>().Produces<HelloReply>(StatusCodes.Status202Accepted).Refuses(400, 413, 415);
        api.MapPost("/events", HandleAsync).WithName("sendEvents").WithSummary("Send what happened")
            .WithDescription("A batch; each event is stored once, however often it is sent. With 200 the device may forget all of them: those that are not listed as refused are stored for good, and those that are never will be. With any other status nothing was stored.")
            .Accepts<EventBatch>(Json).Produces<EventsReply>().Refuses(400, 413, 415);
        api.MapPost("/frames", HandleAsync).WithName("sendFrame").WithSummary("Show a picture of who stands at the door")
            .WithDescription("A JPEG of at most 1 MiB, 4,096 pixels a side and 4 megapixels; one at a time. The decision comes with the frame that brings it, in time or as \"timed-out\": the door opens for openSeconds and for nothing else.")
            .Accepts<byte[]>("image/jpeg").Produces<FrameReply>().Refuses(400, 413, 415, 422);
        api.MapGet("/commands", HandleAsync).WithName("getCommands").WithSummary("Ask what to do")
            .WithDescription("Answers at once where there is something, and otherwise after waitS seconds with an empty list. One request a device: a newer one ends the one before.")
            .Produces<CommandsReply>().Refuses(400);
        api.MapPost("/commands/{id}/result", HandleAsync).WithName("sendResult").WithSummary("Say how a command went")
            .WithDescription("May be sent twice; the first one counts.")
            .Accepts<CommandResultRequest>(Json).Produces(StatusCodes.Status204NoContent).Refuses(400, 404, 413, 415);
    }

    /// <summary>The document itself, for who makes a device.</summary>
    public static void MapDeviceApiDocument(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(DocumentPath, () => Results.Stream(DeviceApiDocument.Open(), Json)).ExcludeFromDescription();

    /// <summary>RFC 9457, with what every request may be answered.</summary>
    private static void Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Concat(AlwaysPossible).Order())
            endpoint.ProducesProblem(status);
    }

    private static async Task HandleAsync(HttpContext http, [FromServices] DeviceApi api)
    {
        var reply = await api.HandleAsync(DeviceExchange.HeadOf(http.Request), (maxBytes, cancellationToken) => DeviceExchange.ReadAsync(http.Request, maxBytes, cancellationToken), http.RequestAborted);
        await DeviceExchange.WriteAsync(http.Response, reply, http.RequestAborted);
    }
}
