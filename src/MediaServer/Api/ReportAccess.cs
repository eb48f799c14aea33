using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Who may read one interview's pages: whoever has its access token, given as <c>Authorization: Bearer</c>, or once as <c>?token=</c>, which is exchanged for a
/// cookie of this interview's path, so that the token stays out of the address bar, of histories and of links.
/// </summary>
internal sealed class ReportAccess(InterviewStore store)
{
    private const string CookieName = "mediascore-access";

    /// <returns>The interview, or the answer to give instead of it.</returns>
    public async Task<(InterviewRow? Row, IResult? Refusal)> CheckAsync(string interviewId, HttpContext http)
    {
        var row = await store.FindAsync(interviewId, http.RequestAborted);
        if (row is null)
            return (null, Problem(StatusCodes.Status404NotFound, "interview-not-found", "There is no such interview."));
        if (LinkToken.OfLink(http) is { } offered)
        {
            if (!AccessToken.Matches(offered, row.AccessTokenSha256))
                return (null, Forbidden());
            LinkToken.Keep(http, CookieName, offered, $"/interviews/{row.Id}");
            // Only a page is asked for by an address bar; everything else is answered at once.
            return HttpMethods.IsGet(http.Request.Method) ? (null, LinkToken.Redirect(http)) : (row, null);
        }

        var token = LinkToken.OfBearer(http) ?? http.Request.Cookies[CookieName];
        return AccessToken.Matches(token, row.AccessTokenSha256) ? (row, null) : (null, Forbidden());
    }

    /// <summary>RFC 9457.</summary>
    public static IResult Problem(int status, string type, string detail) => Results.Problem(detail, statusCode: status, type: $"urn:mediascore:problem:{type}");

    private static IResult Forbidden() =>
        Problem(StatusCodes.Status403Forbidden, "wrong-token", "This needs the interview's access token: as ?token=, or as Authorization: Bearer.");
}
