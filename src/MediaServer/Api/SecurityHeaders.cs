using System.Security.Cryptography;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Headers of every page. Pages have no script at all; their one style sheet carries this request's nonce, and media comes from here only.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string NonceKey = "csp-nonce";

    /// <summary>This request's nonce, for the page's style sheet.</summary>
    public static string Nonce(HttpContext http) => (string)http.Items[NonceKey]!;

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.IsHttps && http.Request.Protocol == HttpProtocol.Http2)
            return next(http); // gRPC: no browser reads it.
        // Hex: no character of it is ever encoded in an attribute.
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        http.Items[NonceKey] = nonce;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        // Reports and health alike: nothing here may be answered from a cache.
        headers.CacheControl = "no-store";
        return next(http);
    }
}
