using MediaScore.MediaServer.Observability;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MediaScore.MediaServer.Hosting;

/// <summary>Metrics for <c>/metrics</c>, and both metrics and traces to a collector where OpenTelemetry's own variables name one.</summary>
internal static class Telemetry
{
    // The standard's name; the exporter reads the endpoint from it by itself.
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddMediaScoreTelemetry(this IServiceCollection services)
    {
        var exports = Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("mediascore", serviceVersion: ProductVersion.Short))
            .WithMetrics(metrics => metrics
                .AddMeter("MediaScore.*")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (!exports)
            return;
        telemetry
            .WithTracing(tracing => tracing
                .AddSource(InterviewTraces.SourceName)
                // Health checks and scrapes would drown everything else.
                .AddAspNetCoreInstrumentation(options => options.Filter = http => http.Request.Path.Value is not ("/healthz" or "/readyz" or "/metrics")))
            .UseOtlpExporter();
    }
}
