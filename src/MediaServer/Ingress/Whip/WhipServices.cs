using System.Threading.RateLimiting;
using MediaScore.MediaServer.Api;
using MediaScore.MediaServer.Configuration;
using Microsoft.AspNetCore.RateLimiting;
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
    private sealed class AddressPolicy(int requestsPerMinute) : IRateLimiterPolicy<UInt128>
    {
        // How often the buckets are filled; the least whole number of tokens then still makes the minute's sum.
        private const int FillsPerMinute = 60;

        public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = static (context, _) => new ValueTask(
            RateLimits.TooMany(context.HttpContext, context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1)).ExecuteAsync(context.HttpContext));

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
