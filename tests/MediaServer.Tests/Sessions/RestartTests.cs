using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class RestartTests
{
    [Fact]
    public async Task An_interview_goes_on_in_the_next_process_where_its_acknowledgement_says()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-restart-");
        CreateInterviewResponse interview;
        await using (var server = await TestServer.StartAsync(data.FullName))
        {
            interview = await server.CreateAsync();
            using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
            await caller.SendMarkerAsync("late-dish", "late-dish-response", 0, begins: true);
            await caller.SendSilenceAsync(0, 1);
            await caller.ReadUntilDurableAsync(0.9);
        }

        await using var next = await TestServer.StartAsync(data.FullName);
        using var resumed = await MediaCaller.StartAsync(next, interview, MediaCaller.Pcm);
        resumed.NextAudio = resumed.Ready!.ResumeAt.Single(p => p.Track == Track.Audio).NextSequence;
        resumed.NextControl = resumed.Ready.ResumeAt.Single(p => p.Track == Track.Control).NextSequence;
        await resumed.SendSilenceAsync(1, 0.5);
        await resumed.SendEndAsync(1.5);
        await resumed.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);

        resumed.NextAudio.ShouldBe(15UL);
        next.Host.Registry.Find(interview.InterviewId).ShouldBeNull();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task An_interview_whose_end_is_on_disk_gets_its_report_after_a_restart_by_itself()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-restart-");
        CreateInterviewResponse interview;
        await using (var server = await TestServer.StartAsync(data.FullName))
        {
            interview = await server.CreateAsync();
            using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
            await caller.SendSilenceAsync(0, 0.5);
            await caller.SendEndAsync(0.5);
            // The end is recorded when the row says so; the report may or may not be there when the process stops.
            await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
        }

        await using var next = await TestServer.StartAsync(data.FullName);
        if (next.Host.Registry.Find(interview.InterviewId) is { } unfinished)
            (await unfinished.Report.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken)).Failure.ShouldBeNull();
        var report = await next.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });

        report.Content.Length.ShouldBeGreaterThan(1000);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task An_interview_that_nobody_comes_back_to_ends_by_itself_with_what_it_has()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Streams:InterviewIdleSeconds", "1"));
        var interview = await server.CreateAsync();
        Task<MediaServer.Sessions.ReportOutcome> report;
        using (var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
        {
            await caller.SendSilenceAsync(0, 0.5);
            await caller.ReadUntilDurableAsync(0.4);
            report = server.Host.Registry.Find(interview.InterviewId)!.Report;
        }

        var outcome = await report.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        var json = await server.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });

        outcome.Failure.ShouldBeNull();
        json.Content.ToStringUtf8().ShouldContain("\"endReason\": \"IdleTimeout\"");
    }

    [Fact]
    public async Task Open_streams_end_as_unavailable_when_the_server_stops()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var server = await TestServer.StartAsync();
        using var caller = await MediaCaller.StartAsync(server, await server.CreateAsync(), MediaCaller.Pcm);

        var stopping = server.Host.DisposeAsync();
        var fault = await caller.ReadFaultAsync();
        await stopping;

        fault.StatusCode.ShouldBe(Grpc.Core.StatusCode.Unavailable, fault.ToString());
        await server.DisposeAsync();
    }
}
