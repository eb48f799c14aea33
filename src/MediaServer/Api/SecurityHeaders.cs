using System.Security.Cryptography;
using MediaScore.MediaServer.Ingress.Devices;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Headers of every page. One style sheet in the page carries this request's nonce; script comes in files of this server, and only where <see cref="PageRights"/> say so; media
/// come from here, and camera and microphone are for the pages alone that say they need them.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string NonceKey = "csp-nonce";

    /// <summary>This request's nonce, for the page's style sheet.</summary>
    public static string Nonce(HttpContext http) => (string)http.Items[NonceKey]!;

    public Task InvokeAsync(HttpContext http)
    {
        // gRPC, and terminals with small buffers: no browser reads it.
        if ((!http.Request.IsHttps && http.Request.Protocol == HttpProtocol.Http2) || DevicePaths.Includes(http))
            return next(http);
        // Hex: no character of it is ever encoded in an attribute.
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        http.Items[NonceKey] = nonce;
        var rights = http.GetEndpoint()?.Metadata.GetMetadata<PageRights>();
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " + (rights is not null
            ? $"script-src 'self'; connect-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; media-src 'self' blob:"
            : $"style-src 'nonce-{nonce}'; img-src 'self' data:; media-src 'self'");
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = $"camera={Allow(rights is { MayWatch: true })}, microphone={Allow(rights is { MayListen: true })}, geolocation=()";
        // Reports and health alike: nothing here may be answered from a cache.
        headers.CacheControl = "no-store";
        return next(http);
    }

    private static string Allow(bool allowed) => allowed ? "(self)" : "()";
}
