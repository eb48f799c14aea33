using System.Globalization;
using System.Text.Json;
using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>Refusals as RFC 9457 says them (docs/formats/candidate-api.md).</summary>
internal static class CandidateProblems
{
    public static IResult From(CandidateOutcome outcome, HttpContext http)
    {
        if (outcome.RetryAfter > TimeSpan.Zero)
            http.Response.Headers.RetryAfter = Math.Ceiling(outcome.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return outcome.Refusal switch
        {
            CandidateRefusal.NoPlace => ReportAccess.Problem(StatusCodes.Status503ServiceUnavailable, "busy", outcome.Message),
            CandidateRefusal.Stopping => ReportAccess.Problem(StatusCodes.Status503ServiceUnavailable, "restarting", outcome.Message),
            CandidateRefusal.ConsentPending => ReportAccess.Problem(StatusCodes.Status409Conflict, "consent-pending", outcome.Message),
            CandidateRefusal.NotPermitted => ReportAccess.Problem(StatusCodes.Status409Conflict, "not-permitted", outcome.Message),
            CandidateRefusal.MediaNotConnected => ReportAccess.Problem(StatusCodes.Status409Conflict, "media-not-connected", outcome.Message),
            CandidateRefusal.Flow => ReportAccess.Problem(StatusCodes.Status409Conflict, outcome.Flow is default(Assessment.Plans.FlowRefusal) ? "refused" : CandidateJson.Word(outcome.Flow), outcome.Message),
            _ => Over(),
        };
    }

    public static IResult Over() => ReportAccess.Problem(StatusCodes.Status409Conflict, "interview-over", "The interview has ended.");

    public static IResult BadRequest(string detail) => ReportAccess.Problem(StatusCodes.Status400BadRequest, "bad-request", detail);

    /// <summary>Reads a JSON body.</summary>
    /// <returns>It, or the answer to give instead.</returns>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext http)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
            return (null, ReportAccess.Problem(StatusCodes.Status415UnsupportedMediaType, "not-json", "The body must be JSON, and Content-Type must say so."));
        try
        {
            var body = await http.Request.ReadFromJsonAsync<T>(CandidateJson.Options, http.RequestAborted);
            return body is null ? (null, BadRequest("The body is null.")) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, BadRequest($"The body is not what is expected here: {(e.Path is { Length: > 0 } path ? $"look at {path}" : "a field is missing, or it is no JSON")}."));
        }
        catch (BadHttpRequestException e) when (e.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ReportAccess.Problem(StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large."));
        }
    }
}
