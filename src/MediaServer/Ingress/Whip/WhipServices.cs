using System.Globalization;
using System.Threading.RateLimiting;
using MediaScore.MediaServer.Api;
using MediaScore.MediaServer.Configuration;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>What the host registers for WHIP.</summary>
internal static class WhipServices
{
    public static void AddWhip(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WhipOptions>().Bind(configuration.GetSection(WhipOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WhipOptions>, WhipOptionsValidator>();
        services.AddSingleton<CandidateAccess>();
        services.AddSingleton<WhipResources>();
        services.AddSingleton(sp => new IceServerLinks(sp.GetRequiredService<IOptions<WhipOptions>>().Value, sp.GetRequiredService<TimeProvider>()));
        var whip = MediaScoreSettings.Get<WhipOptions>(configuration, WhipOptions.Section);
        services.AddRateLimiter(limits => limits.AddPolicy(WhipEndpoints.RateLimit, new AddressPolicy(whip.RequestsPerMinutePerAddress)));
    }

    /// <summary>A bucket of tokens an address, filled evenly: a burst is a page load, not an attack.</summary>
    private sealed class AddressPolicy(int requestsPerMinute) : Microsoft.AspNetCore.RateLimiting.IRateLimiterPolicy<UInt128>
    {
        // How often the buckets are filled; the least whole number of tokens then still makes the minute's sum.
        private const int FillsPerMinute = 60;

        public Func<Microsoft.AspNetCore.RateLimiting.OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = static async (context, _) =>
        {
            var seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? Math.Ceiling(retryAfter.TotalSeconds) : 1;
            context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
            await ReportAccess.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests from this address; ask again later (Whip:RequestsPerMinutePerAddress).")
                .ExecuteAsync(context.HttpContext);
        };

        public RateLimitPartition<UInt128> GetPartition(HttpContext httpContext) => RateLimitPartition.GetTokenBucketLimiter(
            AddressKey.Of(httpContext.Connection.RemoteIpAddress),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = requestsPerMinute,
                TokensPerPeriod = Math.Max(1, requestsPerMinute / FillsPerMinute),
                ReplenishmentPeriod = TimeSpan.FromMinutes(Math.Max(1, requestsPerMinute / FillsPerMinute) / (double)requestsPerMinute),
                QueueLimit = 0,
                AutoReplenishment = true,
            });
    }
}
