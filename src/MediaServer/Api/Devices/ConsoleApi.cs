using Microsoft.AspNetCore.Mvc;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>The console's interface: docs/formats/console-api.md. Everything in it needs the console's token; what changes something must come from this site's own pages, or from no page.</summary>
internal static class ConsoleApi
{
    public const string Path = "/console/api";

    // Names and reasons; only a picture is larger, and says so itself.
    private const int MaxBodyBytes = 64 << 10;

    public static void AddConsoleApi(this IServiceCollection services)
    {
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<FaceUploads>();
    }

    public static void MapConsoleApi(this IEndpointRouteBuilder endpoints)
    {
        var reads = endpoints.MapGroup(Path).AddEndpointFilter<ConsoleGate>().RequireRateLimiting(RateLimits.Console);
        var writes = reads.MapGroup("").AddEndpointFilter<SameOrigin>().AddEndpointFilter<NoForms>().WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        StatusEndpoint.Map(reads);
        DeviceEndpoints.Map(reads, writes);
        CommandEndpoints.Map(reads, writes);
        EventEndpoints.Map(reads);
        PeopleEndpoints.Map(reads, writes);
    }
}
