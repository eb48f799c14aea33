using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Who may send one interview's media and answer it: whoever has its candidate's token (or the caller's access token), given as <c>Authorization: Bearer</c>, or the
/// candidate's cookie, for which the link's <c>?token=</c> is exchanged so that the token stays out of the address bar, of histories and of links.
/// </summary>
internal sealed class CandidateAccess(InterviewStore store, SessionRegistry registry)
{
    private const string CookieName = "mediascore-candidate";

    /// <returns>The interview, or the answer to give instead of it.</returns>
    public async Task<(InterviewRow? Row, IResult? Refusal)> CheckAsync(string interviewId, HttpContext http)
    {
        // What is led here is in memory: a candidate who is refused a place, and asks again and again, needs no database.
        var row = registry.Find(interviewId)?.Row ?? await store.FindAsync(interviewId, http.RequestAborted);
        if (row is null)
            return (null, ReportAccess.Problem(StatusCodes.Status404NotFound, "interview-not-found", "There is no such interview."));
        if (LinkToken.OfLink(http) is { } offered && HttpMethods.IsGet(http.Request.Method))
        {
            if (!AccessToken.Matches(offered, row.CandidateTokenSha256))
                return (null, Forbidden());
            LinkToken.Keep(http, CookieName, offered, ServerAddresses.CandidatePath(row.Id));
            return (null, LinkToken.Redirect(http));
        }

        if (LinkToken.OfBearer(http) is { } token)
            return AccessToken.Matches(token, row.CandidateTokenSha256) || AccessToken.Matches(token, row.AccessTokenSha256) ? (row, null) : (null, Forbidden());

        if (http.Request.Cookies[CookieName] is { } cookie)
            return AccessToken.Matches(cookie, row.CandidateTokenSha256) ? (row, null) : (null, Forbidden());
        // RFC 6750, 3: no credentials at all is 401 and names the scheme.
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return (null, ReportAccess.Problem(StatusCodes.Status401Unauthorized, "token-missing", "This needs the candidate's link, or its token as Authorization: Bearer."));
    }

    private static IResult Forbidden() => ReportAccess.Problem(StatusCodes.Status403Forbidden, "wrong-token", "This is not the candidate's link of this interview.");
}
