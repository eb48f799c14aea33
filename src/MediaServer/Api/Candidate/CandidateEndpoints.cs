using MediaScore.MediaServer.Api.Live;
using MediaScore.MediaServer.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>The candidate's page talks here, beside its media: docs/formats/candidate-api.md.</summary>
internal static class CandidateEndpoints
{
    // A written answer of 20,000 characters, each escaped in JSON, has 120,000 bytes.
    private const int MaxBodyBytes = 256 << 10;

    public static void AddCandidateApi(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton<CandidateStates>();
        services.AddSingleton<CandidateReceipts>();
        services.AddSingleton<CandidateStreams>();
        services.AddSingleton<LiveBoard>();
        services.AddSingleton(new ConsoleAccess(dataFolder));
    }

    public static void MapCandidateApi(this IEndpointRouteBuilder endpoints)
    {
        var candidate = endpoints.MapGroup("/interviews/{id}/candidate").RequireRateLimiting(RateLimits.Candidate).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        candidate.MapGet("/state", StateAsync);
        candidate.MapGet("/events", EventsAsync);
        candidate.MapGet("/receipt", ReceiptAsync);
        var changes = candidate.MapGroup("").AddEndpointFilter<SameOrigin>();
        changes.MapPost("/consent", ConsentAsync);
        changes.MapPost("/stage", StageAsync);
        changes.MapPost("/written-answer", WriteAsync);
        changes.MapPost("/end", EndAsync);
    }

    private static async Task<IResult> StateAsync(string id, string? lang, HttpContext http, CandidateAccess access, CandidateStates states)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        return row is null ? refusal! : await AnswerAsync(row, lang, http, states);
    }

    private static async Task<IResult> ConsentAsync(string id, string? lang, HttpContext http, CandidateAccess access, CandidateStates states, SessionRegistry registry, InterviewConductor conductor)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (request, unreadable) = await CandidateProblems.ReadAsync<ConsentRequest>(http);
        if (request is null)
            return unreadable!;
        if (CandidateJson.Parse(request.Modalities) is not { } consent)
            return CandidateProblems.BadRequest($"modalities holds something that is none of {string.Join(", ", CandidateJson.Modalities.Select(m => m.Word))}.");
        if (registry.Find(row.Id) is not { } interview)
            return CandidateProblems.Over();
        var settled = !interview.Row.ConsentPending && interview.Row.Consent == consent;
        if (!settled && await conductor.SetConsentAsync(interview, consent, http.RequestAborted) is { } refused)
            return ReportAccess.Problem(StatusCodes.Status409Conflict, "consent-settled", refused);
        return await AnswerAsync(interview.Row, lang, http, states);
    }

    private static async Task<IResult> StageAsync(string id, HttpContext http, CandidateAccess access, SessionRegistry registry, CandidateControl control)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (request, unreadable) = await CandidateProblems.ReadAsync<StageRequest>(http);
        if (request is null)
            return unreadable!;
        if (request.Kind is not ("begin" or "end"))
            return CandidateProblems.BadRequest("kind must be 'begin' or 'end'.");
        if (registry.Find(row.Id) is not { } interview)
            return CandidateProblems.Over();
        var outcome = request.Kind == "begin"
            ? await control.BeginAsync(interview, request.StageId, request.QuestionId, request.Attempt, http.RequestAborted)
            : await control.EndAnswerAsync(interview, request.StageId, request.QuestionId, request.Attempt, http.RequestAborted);
        return Answer(outcome, http);
    }

    private static async Task<IResult> WriteAsync(string id, HttpContext http, CandidateAccess access, SessionRegistry registry, CandidateControl control)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        var (request, unreadable) = await CandidateProblems.ReadAsync<WrittenAnswerRequest>(http);
        if (request is null)
            return unreadable!;
        return registry.Find(row.Id) is { } interview
            ? Answer(await control.WriteAsync(interview, request.StageId, request.QuestionId, request.Attempt, request.Text, http.RequestAborted), http)
            : CandidateProblems.Over();
    }

    private static async Task<IResult> EndAsync(string id, string? lang, HttpContext http, CandidateAccess access, CandidateStates states, SessionRegistry registry, CandidateControl control)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        // Nothing is read from the body, but a form of another site cannot send JSON.
        if (!http.Request.HasJsonContentType())
            return ReportAccess.Problem(StatusCodes.Status415UnsupportedMediaType, "not-json", "The body must be JSON, and Content-Type must say so.");
        if (registry.Find(row.Id) is { } interview)
        {
            var outcome = await control.EndAsync(interview, http.RequestAborted);
            if (!outcome.Accepted)
                return CandidateProblems.From(outcome, http);
        }

        return await AnswerAsync(row, lang, http, states);
    }

    private static async Task EventsAsync(string id, HttpContext http, CandidateAccess access, SessionRegistry registry, CandidateStreams streams)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            await refusal!.ExecuteAsync(http);
        else if (registry.Find(row.Id) is { } interview)
            await streams.RunAsync(interview, http);
        else
            // WHATWG HTML, 9.2: this status tells EventSource to come no more.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<IResult> ReceiptAsync(string id, string? lang, HttpContext http, CandidateAccess access, CandidateReceipts receipts)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
            return refusal!;
        return await receipts.OfAsync(row, lang, http.RequestAborted) is { } receipt ? Results.Json(receipt, CandidateJson.Options) : Erased();
    }

    private static async Task<IResult> AnswerAsync(Storage.InterviewRow row, string? lang, HttpContext http, CandidateStates states) =>
        await states.OfAsync(row, lang, http.RequestAborted) is { } state ? Results.Json(state, CandidateJson.Options) : Erased();

    private static IResult Answer(CandidateOutcome outcome, HttpContext http) => outcome.Accepted
        ? Results.Json(new StageAnswer(Math.Round(outcome.TimeLeft.TotalSeconds, 1)), CandidateJson.Options)
        : CandidateProblems.From(outcome, http);

    private static IResult Erased() => ReportAccess.Problem(StatusCodes.Status410Gone, "erased", "This interview was erased.");
}
