using MediaScore.Assessment.Plans;
using MediaScore.MediaServer.Sessions;
using MediaScore.Web;
using MediaScore.Web.Candidate;

namespace MediaScore.MediaServer.Api;

/// <summary>The page behind a candidate's link, and the files it is made of.</summary>
internal static class CandidatePage
{
    public static void MapCandidatePage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapWebAssets();
        endpoints.MapGet("/interviews/{id}", PageAsync).WithMetadata(PageRights.Recording);
    }

    private static async Task<IResult> PageAsync(string id, string? lang, HttpContext http, CandidateAccess access, SessionRegistry registry, InterviewReports reports, PageRenderer pages)
    {
        var (row, refusal) = await access.CheckAsync(id, http);
        if (row is null)
        {
            // A redirect that took the token out of the address, or too many wrong ones: nothing for a person to read.
            if (refusal is not IStatusCodeHttpResult { StatusCode: >= 400 and not StatusCodes.Status429TooManyRequests and var status })
                return refusal!;
            return Page(await pages.ClosedAsync(PageTexts.Choose(lang, http.Request.Headers.AcceptLanguage, "en")), status);
        }

        var language = PageTexts.Choose(lang, http.Request.Headers.AcceptLanguage, row.Language);
        var plan = registry.Find(row.Id)?.Plan.Plan ?? (await reports.TryReadPlanAsync(row.Id, http.RequestAborted))?.Plan;
        return plan is null
            ? Page(await pages.ClosedAsync(language), StatusCodes.Status410Gone)
            : Page(await pages.CandidateAsync(ModelOf(plan, language)), StatusCodes.Status200OK);
    }

    private static CandidatePageModel ModelOf(InterviewPlan plan, string language)
    {
        // A plan may rate what no question asks for; the candidate is told only of what counts.
        var asked = plan.Questions.SelectMany(q => q.Question.Competencies).Select(c => c.CompetencyId).ToHashSet(StringComparer.Ordinal);
        var competencies = plan.Competencies.Where(c => asked.Contains(c.Id)).ToList();
        return new CandidatePageModel
        {
            Language = language,
            Title = plan.Title.ByLanguage,
            Competencies = [.. competencies.Select(c => new AssessedCompetency(c.Name.ByLanguage, c.Definition.ByLanguage))],
            DeliveryPercent = (int)Math.Ceiling(competencies.Select(c => c.DeliveryShare).DefaultIfEmpty().Max() * 100),
        };
    }

    private static IResult Page(string html, int status) => Results.Content(html, "text/html; charset=utf-8", statusCode: status);
}
