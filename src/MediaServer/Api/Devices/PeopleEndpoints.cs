using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Perception.Vision;
using Microsoft.AspNetCore.Mvc;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>/console/api/people</c>: whom doors may know, what they agreed to, and their faces.</summary>
internal static class PeopleEndpoints
{
    private const int UsuallyListed = 100;
    private const int MostListed = 500;

    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder writes)
    {
        reads.MapGet("/people", ListAsync);
        reads.MapGet("/people/{number}", GetAsync);
        writes.MapPost("/people", SetAsync);
        writes.MapDelete("/people/{number}", RemoveAsync);
        writes.MapPost("/people/{number}/consent", GiveConsentAsync);
        writes.MapDelete("/people/{number}/consent", WithdrawConsentAsync);
        writes.MapPost("/people/{number}/block", BlockAsync);
        writes.MapPost("/people/{number}/faces", EnrolAsync).WithMetadata(new RequestSizeLimitAttribute(FaceUploads.MaxBytes));
        writes.MapDelete("/people/{number}/faces/{id}", RemoveFaceAsync);
    }

    /// <summary>By number. <c>q</c> is part of a number or a name.</summary>
    private static async Task<IResult> ListAsync(string? q, string? after, int? count, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        // Names are sealed in the database, so it cannot search them.
        var all = await devices.People.ListAsync(tenant, http.RequestAborted);
        var found = all.Where(entry => q is not { Length: > 0 } || entry.Number.Contains(q, StringComparison.OrdinalIgnoreCase) || entry.Name.Contains(q, StringComparison.OrdinalIgnoreCase)).ToList();
        var most = Math.Clamp(count ?? UsuallyListed, 1, MostListed);
        var page = found.Where(entry => after is not { Length: > 0 } || string.CompareOrdinal(entry.Number, after) > 0).OrderBy(entry => entry.Number, StringComparer.Ordinal).Take(most + 1).ToList();
        return Results.Json(
            new
            {
                people = page.Take(most).Select(PersonLine.Of),
                next = page.Count > most ? page[most - 1].Number : null,
                found = found.Count,
                total = all.Count,
            },
            CandidateJson.Options);
    }

    private static async Task<IResult> GetAsync(string number, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        if (await devices.People.FindAsync(tenant, number, http.RequestAborted) is not { } entry)
            return ConsoleProblems.NoPerson();
        var embedder = devices.Embedder;
        var faces = (await devices.Persons.TemplatesOfAsync(entry.Id, http.RequestAborted)).Select(row => new FaceLine(
            row.Id, row.Source, row.Quality, row.CreatedAt, embedder is { } model && row.ModelId == model.Id && row.ModelVersion == model.Version));
        var lookalikes = (await devices.Persons.LookalikesOfAsync(entry.Id, http.RequestAborted)).Select(other => new LookalikeLine(other.Number, other.Similarity, other.Source, other.SaidAt));
        return Results.Json(new { person = PersonLine.Of(entry), faces, lookalikes }, CandidateJson.Options);
    }

    private static async Task<IResult> SetAsync(HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        var (request, unreadable) = await CandidateProblems.ReadAsync<PersonRequest>(http);
        if (request is null)
            return unreadable!;
        var (number, name) = (request.Number.Trim(), request.Name.Trim());
        if ((PersonRules.FaultOfNumber(number) ?? PersonRules.FaultOfName(name)) is { } fault)
            return ConsoleProblems.BadRequest(fault + ".");
        var stored = await devices.People.SetAsync(tenant, number, name);
        return await AnswerAsync(tenant, number, devices, stored == StoredPerson.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> RemoveAsync(string number, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        return await devices.People.RemoveAsync(tenant, number) ? Results.NoContent() : ConsoleProblems.NoPerson();
    }

    private static async Task<IResult> GiveConsentAsync(string number, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        var (request, unreadable) = await CandidateProblems.ReadAsync<ConsentGivenRequest>(http);
        if (request is null)
            return unreadable!;
        if (PersonRules.FaultOfConsent(request.Source) is { } fault)
            return ConsoleProblems.BadRequest(fault + ".");
        return await devices.People.GiveConsentAsync(tenant, number, request.Source) ? await AnswerAsync(tenant, number, devices) : ConsoleProblems.NoPerson();
    }

    private static async Task<IResult> WithdrawConsentAsync(string number, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        return await devices.People.WithdrawConsentAsync(tenant, number) is not null ? await AnswerAsync(tenant, number, devices) : ConsoleProblems.NoPerson();
    }

    private static async Task<IResult> BlockAsync(string number, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        var (request, unreadable) = await CandidateProblems.ReadAsync<BlockRequest>(http);
        if (request is null)
            return unreadable!;
        return await devices.People.SetBlockedAsync(tenant, number, request.Blocked) ? await AnswerAsync(tenant, number, devices) : ConsoleProblems.NoPerson();
    }

    private static async Task<IResult> EnrolAsync(string number, string? source, bool? lookalike, HttpContext http, DeviceParts devices, FaceUploads uploads)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        if (source is not ("webcam" or "photo"))
            return ConsoleProblems.BadRequest("source must be webcam or photo.");
        // Before a byte of the picture is read.
        switch (await devices.People.FindAsync(tenant, number, http.RequestAborted))
        {
            case null:
                return ConsoleProblems.NoPerson();
            case { ConsentGivenAt: null }:
                return ConsoleProblems.Conflict("no-consent", "There is no consent to be recognised by the face. Record it first; until then no picture is looked at.");
        }

        var (result, unreadable) = await uploads.EnrolAsync(tenant, number, source, lookalike ?? false, http);
        if (result is null)
            return unreadable!;
        if (result.Code == EnrolmentCode.ModelMissing)
            return ReportAccess.Problem(StatusCodes.Status503ServiceUnavailable, "faces-missing", $"{result.Reason} {result.OperatorNote}");
        var faceCount = (await devices.People.FindAsync(tenant, number, http.RequestAborted))?.TemplateCount ?? 0;
        var fault = result.Fault == FaceFault.None ? null : CandidateJson.Word(result.Fault);
        return Results.Json(
            new EnrolmentLine(result.Enrolled, CandidateJson.Word(result.Code), fault, result.Reason, result.OperatorNote, result.Quality, result.TemplateId, faceCount),
            CandidateJson.Options);
    }

    private static async Task<IResult> RemoveFaceAsync(string number, string id, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        if (await devices.People.FindAsync(tenant, number, http.RequestAborted) is not { } entry)
            return ConsoleProblems.NoPerson();
        var isTheirs = (await devices.Persons.TemplatesOfAsync(entry.Id, http.RequestAborted)).Any(row => row.Id == id);
        return isTheirs && await devices.Persons.RemoveTemplateAsync(id)
            ? Results.NoContent()
            : ReportAccess.Problem(StatusCodes.Status404NotFound, "face-not-found", "This person has no such face.");
    }

    private static async Task<IResult> AnswerAsync(string tenant, string number, DeviceParts devices, int status = StatusCodes.Status200OK) =>
        await devices.People.FindAsync(tenant, number) is { } entry ? Results.Json(PersonLine.Of(entry), CandidateJson.Options, statusCode: status) : ConsoleProblems.NoPerson();
}
