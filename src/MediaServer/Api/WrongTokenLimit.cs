namespace MediaScore.MediaServer.Api;

/// <summary>Applies <see cref="WrongTokens"/> to everything that a token opens.</summary>
internal sealed class WrongTokenLimit(RequestDelegate next, WrongTokens wrong)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (KeyOf(http) is not { } key)
        {
            await next(http);
            return;
        }

        if (wrong.IsShutOut(key))
        {
            await RateLimits.TooMany(http, TimeSpan.FromMinutes(1)).ExecuteAsync(http);
            return;
        }

        await next(http);
        if (http.Response.StatusCode is StatusCodes.Status403Forbidden)
            wrong.Note(key);
    }

    private static string? KeyOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/interviews", out var rest) && rest.Value?.Split('/', 3) is [_, { Length: > 0 } id, ..] ? $"{RateLimits.KeyOf(id)} {RateLimits.ClientOf(http)}"
        : http.Request.Path.StartsWithSegments("/console") ? $"console {RateLimits.ClientOf(http)}"
        : null;
}
