using MediaScore.MediaServer.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaScore.MediaServer.Api;

/// <summary>The gRPC health service's answer: serving while a new interview would be taken.</summary>
internal sealed class ReadinessCheck(ServerReadiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var reasons = readiness.Reasons();
        return Task.FromResult(reasons.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join(" ", reasons)));
    }
}
