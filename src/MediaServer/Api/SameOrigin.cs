using MediaScore.MediaServer.Hosting;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Refuses what a browser sends for another site (CSRF). The cookie is SameSite=Lax already and a JSON body cannot be sent across sites without being asked; this holds where
/// a browser or a sister site of the same domain is weaker than that. Whoever is no browser sends neither header.
/// </summary>
internal sealed class SameOrigin(ServerAddresses addresses) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsForeign(context.HttpContext.Request)
            ? ReportAccess.Problem(StatusCodes.Status403Forbidden, "wrong-origin", "This was sent by a page of another site.")
            : await next(context);

    private bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site and not ("same-origin" or "none"))
            return true;
        if (request.Headers.Origin.ToString() is not { Length: > 0 } origin)
            return false;
        // Behind a proxy the scheme is the proxy's business, and the host may be; then Server:PublicUrl has the browser's view.
        return !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                || (Uri.TryCreate(addresses.Public, UriKind.Absolute, out var ours) && from.Authority.Equals(ours.Authority, StringComparison.OrdinalIgnoreCase))));
    }
}
