using System.Globalization;
using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Api.Candidate;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>/console/api/events</c>: what happened, as pages, as a table, as it happens; and the pictures that came with it.</summary>
internal static class EventEndpoints
{
    public static void Map(RouteGroupBuilder reads)
    {
        reads.MapGet("/events", SearchAsync);
        reads.MapGet("/events.csv", ExportAsync);
        reads.MapGet("/events/stream", StreamAsync);
        reads.MapGet("/pictures/{tenant}/{name}", PictureAsync).RequireRateLimiting(RateLimits.Pictures);
    }

    private static async Task<IResult> SearchAsync(HttpContext http, DeviceParts devices)
    {
        var (filter, refusal) = EventFilter.Read(http, devices);
        if (filter is null)
            return refusal!;
        var rows = await devices.Events.SearchAsync(filter.Query, filter.Count, http.RequestAborted);
        var names = new EventNames(devices);
        // A full page may be the last one; then the next is empty.
        return Results.Json(new { events = rows.Select(row => EventLine.Of(row, names)), next = rows.Count == filter.Count ? rows[^1].Id : (long?)null }, CandidateJson.Options);
    }

    private static async Task<IResult> ExportAsync(HttpContext http, DeviceParts devices, TimeProvider time, ILogger<ConsoleGate> log)
    {
        var (filter, refusal) = EventFilter.Read(http, devices);
        if (filter is null)
            return refusal!;
        var name = string.Create(CultureInfo.InvariantCulture, $"events-{filter.Query.Tenant}-{TimeZoneInfo.ConvertTime(time.GetUtcNow(), filter.Zone):yyyyMMdd-HHmm}.csv");
        http.Response.ContentType = "text/csv; charset=utf-8; header=present";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        // A fault on the way breaks the connection off: no program takes half a table for a whole one.
        var count = await new EventsCsv(devices, filter).WriteAsync(http.Response.BodyWriter, http.RequestAborted);
        ConsoleLog.Exported(log, filter.Query.Tenant, count);
        return Results.Empty;
    }

    private static async Task<IResult> StreamAsync(HttpContext http, DeviceParts devices, LiveEvents live)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        await live.RunAsync(http, tenant);
        return Results.Empty;
    }

    private static async Task<IResult> PictureAsync(string tenant, string name, HttpContext http, DeviceParts devices) =>
        await devices.Pictures.ReadAsync(tenant, name, http.RequestAborted) is { } jpeg
            ? Results.Bytes(jpeg, "image/jpeg")
            : ReportAccess.Problem(StatusCodes.Status404NotFound, "picture-not-found", "There is no such picture, or no longer (Devices:KeepPicturesDays).");
}
