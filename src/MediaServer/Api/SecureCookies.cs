namespace MediaScore.MediaServer.Api;

/// <summary>Whether the browser's side of a request is HTTPS, so that its cookie may be told never to go without.</summary>
internal static class SecureCookies
{
    // What a proxy that terminates TLS says. Nobody gains by lying about it: the liar's own cookie is kept more closely.
    private const string ForwardedScheme = "X-Forwarded-Proto";

    public static bool IsHttpsOf(HttpContext http) =>
        http.Request.IsHttps || http.Request.Headers[ForwardedScheme].ToString().Split(',')[0].Trim().Equals("https", StringComparison.OrdinalIgnoreCase);
}
