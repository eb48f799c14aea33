using System.Text;
using MediaScore.MediaServer.Api;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;
using MediaScore.WebRtc.Transport;
using Microsoft.Net.Http.Headers;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// WHIP (RFC 9725): <c>POST /interviews/{id}/whip</c> makes a session, <c>PATCH</c> and <c>DELETE</c> on the URL in its <c>Location</c> change and end it. They lie under the
/// interview's own path, where the candidate's cookie goes.
/// </summary>
internal static class WhipEndpoints
{
    public const string RateLimit = "whip";

    private const string Sdp = "application/sdp";
    private const string SdpFragment = "application/trickle-ice-sdpfrag";

    // What the SDP parser takes at most; browsers' offers have 6 to 16 KiB.
    private const int MaxBodyBytes = 64 << 10;

    public static void MapWhip(this IEndpointRouteBuilder endpoints)
    {
        var whip = endpoints.MapGroup("/interviews/{id}/whip").AddEndpointFilter<WhipCors>().RequireRateLimiting(RateLimit);
        whip.MapPost("/", PostAsync);
        whip.MapPatch("/{resource}", PatchAsync);
        whip.MapDelete("/{resource}", DeleteAsync);
        // Neither has a representation: RFC 9725, 4.1 asks for an empty 2xx. PUT, and what else is not here, routing answers with 405 and Allow.
        whip.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], NothingAsync);
        whip.MapMethods("/{resource}", [HttpMethods.Get, HttpMethods.Head], NothingAsync);
        whip.MapMethods("/", [HttpMethods.Options], (HttpContext http) => Options(http, "GET, HEAD, OPTIONS, POST"));
        whip.MapMethods("/{resource}", [HttpMethods.Options], (HttpContext http) => Options(http, "DELETE, GET, HEAD, OPTIONS, PATCH"));
    }

    private static async Task<IResult> PostAsync(
        string id, HttpContext http, CandidateAccess access, SessionRegistry registry, InterviewConductor conductor, WhipResources resources, IceServerLinks iceServers)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (offer, bodyRefusal) = await ReadAsync(http, Sdp);
        if (offer is null)
            return bodyRefusal!;
        if (registry.Find(row.Id) is not { } interview)
            return CandidateProblems.Over();
        if (conductor.Admit(interview) is { Accepted: false } outcome)
            return CandidateProblems.From(outcome, http);

        var answer = await resources.AnswerAsync(interview, offer, AddressKey.Of(http.Connection.RemoteIpAddress), http.RequestAborted);
        if (answer.Refusal is { } refused)
            return CandidateProblems.From(refused, http);
        if (answer.Connection is not { } connection)
        {
            if (answer.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
                http.Response.Headers.RetryAfter = "5";
            return ReportAccess.Problem(answer.Status, answer.Problem, answer.Message);
        }

        var headers = http.Response.Headers;
        headers.Location = $"{ServerAddresses.CandidatePath(row.Id)}/whip/{connection.ResourceId}";
        headers.ETag = connection.EntityTag;
        headers["Accept-Patch"] = SdpFragment;
        foreach (var link in iceServers.HeadersFor(row.Id))
            headers.Append(HeaderNames.Link, link);
        return new SdpResult(StatusCodes.Status201Created, Sdp, answer.Sdp!);
    }

    private static async Task<IResult> PatchAsync(string id, string resource, HttpContext http, CandidateAccess access, WhipResources resources)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        if (resources.Find(row.Id, resource) is not { } connection)
            return Gone();
        var (fragment, bodyRefusal) = await ReadAsync(http, SdpFragment);
        if (fragment is null)
            return bodyRefusal!;
        switch (EntityTags.Judge(http.Request.Headers.IfMatch, connection.EntityTag))
        {
            case Precondition.Missing:
                return ReportAccess.Problem(StatusCodes.Status428PreconditionRequired, "if-match-missing", "If-Match must name the session's ETag, or be * for an ICE restart.");
            case Precondition.Failed:
                return ReportAccess.Problem(StatusCodes.Status412PreconditionFailed, "other-ice-session", "If-Match does not name the session's present ETag.");
        }

        // New credentials ask for a restart whatever If-Match says (RFC 9725, 4.3.3); the network's side knows whether they are new.
        var result = await connection.Rtc.RestartIceAsync(fragment);
        switch (result.Refusal)
        {
            case IceRestartRefusal.None:
                http.Response.Headers.ETag = connection.EntityTag;
                return new SdpResult(StatusCodes.Status200OK, SdpFragment, result.Fragment!);
            case IceRestartRefusal.NoRestart:
                // Trickled candidates: an ICE-lite server learns them from the checks.
                return Results.NoContent();
            case IceRestartRefusal.BadFragment:
                return ReportAccess.Problem(StatusCodes.Status400BadRequest, "bad-fragment", "The body is no SDP fragment as RFC 8840 describes it.");
            default:
                return Gone();
        }
    }

    private static async Task<IResult> DeleteAsync(string id, string resource, HttpContext http, CandidateAccess access, WhipResources resources)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        // A second DELETE finds what the first one left: nothing, which is what it wants.
        resources.Find(row.Id, resource)?.Close();
        return Results.Ok();
    }

    private static async Task<IResult> NothingAsync(string id, HttpContext http, CandidateAccess access)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        return row is null ? refusal! : Results.NoContent();
    }

    private static IResult Options(HttpContext http, string allow)
    {
        var headers = http.Response.Headers;
        headers.Allow = allow;
        headers["Accept-Post"] = Sdp;
        headers["Accept-Patch"] = SdpFragment;
        return Results.Ok();
    }

    /// <returns>The body as text, or the answer to give instead.</returns>
    private static async Task<(string? Text, IResult? Refusal)> ReadAsync(HttpContext http, string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            return (null, ReportAccess.Problem(StatusCodes.Status415UnsupportedMediaType, "content-type", $"Content-Type must be {mediaType}."));
        // One byte more than may be, so that what is too long shows.
        var body = new byte[MaxBodyBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        return length <= MaxBodyBytes
            ? (Encoding.UTF8.GetString(body, 0, length), null)
            : (null, ReportAccess.Problem(StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body has more than {MaxBodyBytes} bytes."));
    }

    private static IResult Gone() => ReportAccess.Problem(StatusCodes.Status404NotFound, "session-not-found", "There is no such WHIP session (any more); POST again.");

    /// <summary>SDP has a media type without a charset parameter (RFC 8866, 8.1); the framework's text results would add one.</summary>
    private sealed class SdpResult(int status, string mediaType, string text) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = mediaType;
            httpContext.Response.ContentLength = bytes.Length;
            return httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
        }
    }
}
