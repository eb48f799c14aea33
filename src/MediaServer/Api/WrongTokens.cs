using System.Threading.RateLimiting;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Counts wrong tokens, by interview and by whom they come from, and answers 429 for a while after too many. Nobody guesses 256 bits; this ends the noise of trying before
/// it reaches the database. The interview is part of the key, so that behind a proxy, where all come from one address, nobody can shut out another interview's candidate.
/// </summary>
internal sealed class WrongTokens : IDisposable
{
    // A link that was cut by a mail program is tried a few times, and by several programs that preview it.
    private const int WrongPerMinute = 20;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, static _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    public void Dispose() => _limiter.Dispose();

    public bool IsShutOut(string key) => _limiter.GetStatistics(key) is { CurrentAvailablePermits: <= 0 };

    public void Note(string key) => _limiter.AttemptAcquire(key).Dispose();
}

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
