using MediaScore.MediaServer.Hosting;

namespace MediaScore.MediaServer.Api;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it would take an interview, or why not.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => Results.Json(new { status = "alive", version = ProductVersion.Full }));
        endpoints.MapGet("/readyz", (ServerReadiness readiness) =>
        {
            var reasons = readiness.Reasons();
            return Results.Json(new { ready = reasons.Count == 0, reasons }, statusCode: reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }
}
