namespace MediaScore.MediaServer.Api;

/// <summary>
/// A secret that comes in a link as <c>?token=</c> and is exchanged for a cookie, so that it stays out of the address bar, of histories and of links; or that a program gives
/// as <c>Authorization: Bearer</c> (RFC 6750). Whose token it is and what it opens is its caller's business.
/// </summary>
internal static class LinkToken
{
    private const string Scheme = "Bearer ";

    // What a proxy that terminates TLS says. Nobody gains by lying about it: the liar's own cookie is kept more closely.
    private const string ForwardedScheme = "X-Forwarded-Proto";

    /// <returns>What the link carries, or null.</returns>
    public static string? OfLink(HttpContext http) => http.Request.Query["token"].ToString() is { Length: > 0 } token ? token : null;

    /// <returns>What a program says, or null where it says nothing of this kind.</returns>
    public static string? OfBearer(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is var said && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? said[Scheme.Length..].Trim() : null;

    /// <summary>Lets the browser keep it for <paramref name="path"/> and below.</summary>
    public static void Keep(HttpContext http, string cookie, string token, string path) => http.Response.Cookies.Append(cookie, token, new CookieOptions
    {
        HttpOnly = true,
        // Lax, not Strict: the first visit follows a link in somebody's mail or chat.
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps || http.Request.Headers[ForwardedScheme].ToString().Split(',')[0].Trim().Equals("https", StringComparison.OrdinalIgnoreCase),
        Path = path,
    });

    /// <summary>To the same page; the language that the link asks for goes along, the token does not.</summary>
    public static IResult Redirect(HttpContext http)
    {
        var language = http.Request.Query["lang"].ToString();
        return Results.Redirect(http.Request.Path + (language.Length > 0 ? QueryString.Create("lang", language) : QueryString.Empty));
    }
}
