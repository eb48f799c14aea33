using MediaScore.MediaServer.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// Lets pages of the configured origins send media here, with a token and never with this site's cookies. Done by hand and not by the framework's middleware, because
/// RFC 9725, 4.2 wants 200 for OPTIONS, with <c>Accept-Post</c>, preflight or not.
/// </summary>
internal sealed class WhipCors(IOptions<WhipOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (request, headers) = (context.HttpContext.Request, context.HttpContext.Response.Headers);
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (request.Headers.Origin.ToString() is not { Length: > 0 } origin || !options.Value.AllowedOrigins.Contains(origin, StringComparer.Ordinal))
            return next(context);
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "Location, ETag, Link, Accept-Patch, Retry-After";
        if (HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0)
        {
            headers.AccessControlAllowMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST";
            headers.AccessControlAllowHeaders = "Authorization, Content-Type, If-Match";
            headers.AccessControlMaxAge = "600";
        }

        return next(context);
    }
}
