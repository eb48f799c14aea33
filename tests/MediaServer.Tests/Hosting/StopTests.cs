using System.Net;
using Grpc.Core;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaScore.MediaServer.Tests.Hosting;

/// <summary>What a server does that is told to stop by SIGTERM: checklist, point 40.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_new_is_taken_and_who_is_in_the_middle_may_load_the_page_again_and_finish_with_a_report()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Server:DrainSeconds", "3600"));
        var stopping = WhenStopping(server);
        await using var candidate = await Candidate.InviteAsync(server);
        await using var late = await Candidate.InviteAsync(server);
        var prepared = await server.CreateAsync();
        var options = await CandidateMedia.SyntheticAsync();
        var first = await candidate.ConnectAsync(options);
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        Signals(server).Terminate();

        var refused = await late.LoadPageAsync(options);
        refused.Reply!.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Reply.Body.ShouldContain("restarting");
        (await Should.ThrowAsync<RpcException>(() => server.CreateAsync())).StatusCode.ShouldBe(StatusCode.Unavailable);
        using (var unbegun = MediaCaller.Open(server))
        {
            await unbegun.SendStartAsync(prepared.InterviewId, prepared.AccessToken, MediaCaller.Pcm);
            (await unbegun.ReadFaultAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
        }

        using (var ready = await server.Http.GetAsync("/readyz", Cancellation))
            ((int)ready.StatusCode).ShouldBe(503);
        await first.CrashAsync();
        await candidate.ConnectAsync(options);
        var session = await candidate.UntilDurableAsync(candidate.Interview.Session!.Durable.ToTimeSpan() + TimeSpan.FromSeconds(1));
        session.HasEnded.ShouldBeFalse();
        stopping.IsCompleted.ShouldBeFalse();

        await candidate.FinishAsync();

        // Long before the hour: nobody is left.
        await stopping.WaitAsync(Patience, TimeProvider.System, Cancellation);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task After_the_time_that_was_set_the_server_stops_whoever_is_there(string seconds)
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Server:DrainSeconds", seconds));
        var stopping = WhenStopping(server);
        await using var candidate = await Candidate.InviteAsync(server);
        await candidate.ConnectAsync(await CandidateMedia.SyntheticAsync());
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        Signals(server).Terminate();

        await stopping.WaitAsync(Patience, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_second_signal_stops_it_at_once()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Server:DrainSeconds", "3600"));
        var stopping = WhenStopping(server);
        await using var candidate = await Candidate.InviteAsync(server);
        await candidate.ConnectAsync(await CandidateMedia.SyntheticAsync());
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        Signals(server).Terminate();
        Signals(server).Terminate();

        await stopping.WaitAsync(Patience, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_server_without_interviews_stops_at_once()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Server:DrainSeconds", "3600"));
        await server.CreateAsync();
        var stopping = WhenStopping(server);

        Signals(server).Terminate();

        await stopping.WaitAsync(Patience, TimeProvider.System, Cancellation);
    }

    private static StopSignals Signals(TestServer server) => server.Host.Services.GetRequiredService<StopSignals>();

    private static Task WhenStopping(TestServer server)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Host.Stopping.Register(stopping.SetResult);
        return stopping.Task;
    }
}
