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

            server.Host.FinalPasses.WaitingCount.ShouldBe(Count);
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
    public async Task A_backlog_has_no_more_sessions_open_than_have_their_turn_soon()
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
}
