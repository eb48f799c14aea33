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
