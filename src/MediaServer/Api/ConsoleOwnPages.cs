namespace MediaScore.MediaServer.Api;

/// <summary>
/// Nothing of the console goes into another site's page: no picture, no fetch, no frame. Answered before anything is counted, since any page that an operator has open can make their
/// browser ask here: what it asks for would else use up their requests, and its wrong tokens shut them out. A link from elsewhere is followed: a browser asks for it as a document.
/// </summary>
internal sealed class ConsoleOwnPages(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) => http.Request.Path.StartsWithSegments("/console") && IsPartOfAnother(http.Request)
        ? ReportAccess.Problem(StatusCodes.Status403Forbidden, "wrong-origin", "This was sent by a page of another site.").ExecuteAsync(http)
        : next(http);

    // Browsers alone say these (Fetch Metadata, W3C); what they leave out is looked at by SameOrigin.
    private static bool IsPartOfAnother(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Dest"].ToString() is not ("" or "document");
}
