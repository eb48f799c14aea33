using System.Text.Json;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Api;

public sealed class DiscoveryTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task The_health_service_says_serving()
    {
        var server = shared.Require();

        // The publisher asks the checks for the first time some seconds after the start; Watch waits for its word, Check would be a race.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var watch = new Health.HealthClient(server.Channel).Watch(new HealthCheckRequest(), cancellationToken: limit.Token);
        var status = HealthCheckResponse.Types.ServingStatus.Unknown;
        while (status is not HealthCheckResponse.Types.ServingStatus.Serving && await watch.ResponseStream.MoveNext(limit.Token))
            status = watch.ResponseStream.Current.Status;

        status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task Reflection_lists_the_interview_service()
    {
        var server = shared.Require();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToList();

        services.ShouldContain("mediascore.interview.v1.InterviewService");
        services.ShouldContain("grpc.health.v1.Health");
    }

    [Fact]
    public async Task Pages_answer_with_health_metrics_and_what_to_try_next()
    {
        var server = shared.Require();
        await server.CreateAsync();
        var cancellation = TestContext.Current.CancellationToken;

        var alive = JsonDocument.Parse(await server.Http.GetStringAsync("/healthz", cancellation)).RootElement;
        var ready = JsonDocument.Parse(await server.Http.GetStringAsync("/readyz", cancellation)).RootElement;
        var metrics = await server.Http.GetStringAsync("/metrics", cancellation);
        using var index = await server.Http.GetAsync("/", cancellation);
        using var nowhere = await server.Http.GetAsync("/nowhere", cancellation);

        alive.GetProperty("status").GetString().ShouldBe("alive");
        ready.GetProperty("ready").GetBoolean().ShouldBeTrue();
        metrics.ShouldContain("mediascore_interviews_created");
        metrics.ShouldContain("mediascore_pool_load");
        (await index.Content.ReadAsStringAsync(cancellation)).ShouldContain("store-manager");
        index.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        ((int)nowhere.StatusCode).ShouldBe(404);
    }
}
