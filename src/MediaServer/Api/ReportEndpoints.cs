using MediaScore.Assessment.Reports;
using MediaScore.MediaServer.Sessions;
using MediaScore.Recording;
using MediaScore.Storage;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Api;

/// <summary>One interview's report as a page and as JSON, and the clips that its quotes play.</summary>
internal static class ReportEndpoints
{
    // Long enough for any answer of a plan, short enough to be made in memory (3 min of 0.5 Mbit/s are 11 MB).
    private static readonly TimeSpan LongestClip = TimeSpan.FromMinutes(3);

    // Behind every interview's longest, and far from where milliseconds as microseconds overflow.
    private static readonly TimeSpan LatestEnd = TimeSpan.FromHours(24);

    public static void MapReports(this IEndpointRouteBuilder endpoints)
    {
        var interview = endpoints.MapGroup("/interviews/{id}");
        interview.MapGet("/report", PageAsync);
        interview.MapGet("/report.json", JsonAsync);
        interview.MapGet("/clips/{startMs:long}-{endMs:long}.webm", ClipAsync);
    }

    private static async Task<IResult> PageAsync(string id, HttpContext http, InterviewStore store, InterviewReports reports)
    {
        var (row, refusal) = await new ReportAccess(store).CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (json, notReady) = await ReadAsync(row, reports, http);
        if (json is null)
            return notReady!;
        var page = ReportHtml.Write(ReportJson.Read(json), new ReportHtmlOptions
        {
            ClipUrlTemplate = "clips/{startMs}-{endMs}.webm",
            JsonUrl = "report.json",
            StyleNonce = SecurityHeaders.Nonce(http),
        });
        return Results.Bytes(page, "text/html; charset=utf-8");
    }

    private static async Task<IResult> JsonAsync(string id, HttpContext http, InterviewStore store, InterviewReports reports)
    {
        var (row, refusal) = await new ReportAccess(store).CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (json, notReady) = await ReadAsync(row, reports, http);
        return json is null ? notReady! : Results.Bytes(json, "application/json");
    }

    private static async Task<IResult> ClipAsync(string id, long startMs, long endMs, HttpContext http, InterviewStore store, InterviewReports reports, ClipExporter exporter)
    {
        var (row, refusal) = await new ReportAccess(store).CheckAsync(id, http);
        if (row is null)
            return refusal!;
        if (startMs < 0 || endMs <= startMs || endMs > LatestEnd.TotalMilliseconds || endMs - startMs > LongestClip.TotalMilliseconds)
            return ReportAccess.Problem(StatusCodes.Status400BadRequest, "clip-range", $"A clip runs from a start of 0 or more to a later end, at most {LongestClip.TotalMinutes:0} minutes.");
        using var recording = reports.OpenRecording(row.Id);
        if (recording is null)
            return Erased();
        var clip = new MemoryStream();
        try
        {
            await exporter.ExportAsync(
                recording, new MediaRange(MediaTime.FromMilliseconds(startMs), MediaTime.FromMilliseconds(endMs)), ClipTracks.All, ClipFormat.WebM, clip, http.RequestAborted);
        }
        catch (ClipExportException e)
        {
            return ReportAccess.Problem(StatusCodes.Status404NotFound, "no-clip", e.Message);
        }

        clip.Position = 0;
        // Browsers ask for parts of what they play.
        return Results.Stream(clip, "video/webm", enableRangeProcessing: true);
    }

    private static async Task<(byte[]? Json, IResult? Refusal)> ReadAsync(InterviewRow row, InterviewReports reports, HttpContext http)
    {
        switch (row.State)
        {
            case InterviewState.ReportReady:
                var json = await reports.TryReadAsync(row.Id, http.RequestAborted);
                return json is null ? (null, Erased()) : (json, null);
            case InterviewState.Failed:
                return (null, ReportAccess.Problem(StatusCodes.Status409Conflict, "no-report", $"There will be no report: {row.FailureReason}"));
            default:
                http.Response.Headers.RetryAfter = "5";
                return (null, ReportAccess.Problem(StatusCodes.Status409Conflict, "report-not-ready", row.State is InterviewState.Finishing ? "The analysis after the end is still running." : "The interview has not ended."));
        }
    }

    private static IResult Erased() => ReportAccess.Problem(StatusCodes.Status410Gone, "erased", "This interview was erased.");
}
