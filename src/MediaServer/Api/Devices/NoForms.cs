using Microsoft.Net.Http.Headers;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// Refuses what a form of another site can send without the browser asking anybody (CSRF), also where a browser says nothing of where it comes from: a POST has a content type that
/// no form has. <see cref="SameOrigin"/> is the first guard, this is the second.
/// </summary>
internal sealed class NoForms : IEndpointFilter
{
    private static readonly string[] Accepted = ["application/json", "image/jpeg", "image/png"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var isAccepted = !HttpMethods.IsPost(request.Method)
            || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && Accepted.Any(accepted => type.MediaType.Equals(accepted, StringComparison.OrdinalIgnoreCase)));
        return isAccepted
            ? await next(context)
            : ReportAccess.Problem(StatusCodes.Status415UnsupportedMediaType, "content-type", $"Content-Type must be {string.Join(" or ", Accepted)}; a request without a body sends {{}} as JSON.");
    }
}
