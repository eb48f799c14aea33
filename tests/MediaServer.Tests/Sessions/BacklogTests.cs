using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Sessions;

/// <summary>Finished interviews whose final pass is still to come.</summary>
public sealed class BacklogTests
{
    private const int Count = 6;

    [Fact]
    public async Task A_backlog_waits_on_disk_keeps_nobody_out_and_is_worked_off_by_the_next_process()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-backlog-");
        var interviews = new List<CreateInterviewResponse>();
        await using (var server = await TestServer.StartAsync(data.FullName, ("FinalPass:Concurrency", "0")))
        {
            for (var i = 0; i < Count; i++)
            {
                var interview = await server.CreateAsync();
                interviews.Add(interview);
                using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
                await caller.SendSilenceAsync(0, 0.5);
                await caller.SendEndAsync(0.5);
                await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
            }

            server.Host.Registry.FinishingCount.ShouldBe(Count);
            server.Host.Registry.TakenPlaces.ShouldBe(0);
            var status = await server.Client.GetInterviewAsync(new GetInterviewRequest { InterviewId = interviews[0].InterviewId, AccessToken = interviews[0].AccessToken });
            status.State.ShouldBe(Protocol.Interview.V1.InterviewState.Finishing);
        }

        await using var next = await TestServer.StartAsync(data.FullName, ("FinalPass:Concurrency", "1"));
        var waiting = interviews.Select(i => next.Host.Registry.Find(i.InterviewId)).OfType<MediaServer.Sessions.LiveInterview>().ToList();
        foreach (var interview in waiting)
            (await interview.Report.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken)).Failure.ShouldBeNull();

        foreach (var interview in interviews)
        {
            var report = await next.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });
            report.Content.Length.ShouldBeGreaterThan(1000);
        }

        next.Host.FinalPasses.DoneCount.ShouldBe(Count);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Of_interviews_that_ended_here_no_more_are_open_than_have_their_turn_soon_and_those_whose_client_waits()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("FinalPass:Concurrency", "1"));
        var turn = new TaskCompletionSource();
        var longOne = server.Host.FinalPasses.RunAsync(TimeSpan.Zero, TimeSpan.Zero, _ => turn.Task, TestContext.Current.CancellationToken);
        var waits = await server.CreateAsync();
        using var client = await MediaCaller.StartAsync(server, waits, MediaCaller.Pcm);
        for (var i = 0; i < Count; i++)
            await EndAsync(server, await server.CreateAsync());
        await client.SendSilenceAsync(0, 0.5);
        await client.SendEndAsync(0.5);
        await client.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
        var reports = server.Host.Registry.All.Select(i => i.Report).ToList();

        // Two for the one turn that there is, and the client's own.
        await UntilAsync(() => server.Host.Registry.OpenCount == 3);
        server.Host.Registry.FinishingCount.ShouldBe(Count + 1);
        server.Host.Registry.Find(waits.InterviewId)!.Session.ShouldNotBeNull();
        server.Host.Registry.All.Where(i => i.Session is not null && i.Row.Id != waits.InterviewId).Select(i => i.Row.Id)
            .ShouldBe(server.Host.Registry.All.Where(i => i.Row.Id != waits.InterviewId).OrderBy(i => i.Row.EndedAt).Take(2).Select(i => i.Row.Id), ignoreOrder: true);

        turn.SetResult();
        await longOne;
        await client.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);
        foreach (var report in reports)
            (await report.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken)).Failure.ShouldBeNull();
        server.Host.FinalPasses.DoneCount.ShouldBe(Count + 2);
    }

    [Fact]
    public async Task A_process_that_runs_no_final_passes_opens_nothing_of_a_backlog()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-backlog-");
        await using (var server = await TestServer.StartAsync(data.FullName, ("FinalPass:Concurrency", "0")))
        {
            for (var i = 0; i < Count; i++)
            {
                using var caller = await MediaCaller.StartAsync(server, await server.CreateAsync(), MediaCaller.Pcm);
                await caller.SendSilenceAsync(0, 0.5);
                await caller.SendEndAsync(0.5);
                await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
            }
        }

        await using var next = await TestServer.StartAsync(data.FullName, ("FinalPass:Concurrency", "0"));

        next.Host.Registry.Count.ShouldBe(Count);
        next.Host.Registry.All.ShouldAllBe(i => i.Row.State == Storage.InterviewState.Finishing);
        next.Host.Registry.OpenCount.ShouldBe(0);
        await next.DisposeAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task An_interview_that_gets_its_report_while_it_is_about_to_be_taken_up_is_no_fault()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();
        var interview = server.Host.Registry.Find((await server.CreateAsync()).InterviewId)!;
        server.Host.Registry.Remove(interview).ShouldBeTrue();
        await interview.DisposeAsync();

        (await server.Host.Conductor.TryOpenAsync(interview, TestContext.Current.CancellationToken)).ShouldBeNull();

        interview.FaultCount.ShouldBe(0);
        interview.BackOff.Length.ShouldBe(TimeSpan.Zero);
    }

    private static async Task EndAsync(TestServer server, CreateInterviewResponse interview)
    {
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await caller.SendSilenceAsync(0, 0.5);
        await caller.SendEndAsync(0.5);
        await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
    }

    /// <summary>Waits for what the server does in its own time.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
    }
}
