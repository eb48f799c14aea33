namespace MediaScore.MediaServer.Api.Live;

/// <summary>The live page's data. The page itself is <c>ConsolePage</c>.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(ConsoleAccess.LivePath + "/events", async (HttpContext http, ConsoleAccess access, LiveBoard board) =>
        {
            if (access.Check(http) is { } refusal)
                await refusal.ExecuteAsync(http);
            else
                await board.RunAsync(http);
        }).RequireRateLimiting(RateLimits.Console);
}
