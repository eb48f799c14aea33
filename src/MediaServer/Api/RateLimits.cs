using System.Globalization;
using System.Threading.RateLimiting;
using MediaScore.MediaServer.Ingress.Whip;

namespace MediaScore.MediaServer.Api;

/// <summary>How often pages may ask. A client's address is a key in memory here and nowhere else: no log, no metric.</summary>
internal static class RateLimits
{
    public const string Candidate = "candidate";
    public const string Console = "console";
    public const string Pictures = "pictures";

    // A page asks a few times a minute; a burst is a page load with every retry at once, the rate a script that somebody has to notice.
    private const int CandidateBurst = 60;
    private const int CandidatePerSecond = 10;

    // Both lists of the devices page with a picture in each line, read at once; and a busy entrance while somebody looks on. They must not use up what the page itself asks with.
    private const int PictureBurst = 240;
    private const int PicturesPerSecond = 40;

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<WrongTokens>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = (context, _) => new ValueTask(TooMany(context.HttpContext, TimeSpan.FromSeconds(1)).ExecuteAsync(context.HttpContext));
            limits.AddPolicy(Candidate, http => Bucket($"{KeyOf(http.Request.RouteValues["id"] as string)} {ClientOf(http)}", CandidateBurst, CandidatePerSecond));
            limits.AddPolicy(Console, http => Bucket(ClientOf(http), CandidateBurst, CandidatePerSecond));
            limits.AddPolicy(Pictures, http => Bucket(ClientOf(http), PictureBurst, PicturesPerSecond));
        });
    }

    public static IResult TooMany(HttpContext http, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ReportAccess.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests; ask again a little later.");
    }

    /// <summary>Whom a request comes from.</summary>
    public static string ClientOf(HttpContext http) => AddressKey.Of(http.Connection.RemoteIpAddress).ToString(CultureInfo.InvariantCulture);

    /// <summary>An interview's part of a key; what is no id shares one, so that nobody fills the memory with names.</summary>
    public static string KeyOf(string? interviewId) => interviewId is not null && Recording.InterviewFolder.IsValidId(interviewId) ? interviewId : "none";

    private static RateLimitPartition<string> Bucket(string key, int burst, int perSecond) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        // Refused at once: who waits in a queue holds a connection.
        QueueLimit = 0,
    });
}
