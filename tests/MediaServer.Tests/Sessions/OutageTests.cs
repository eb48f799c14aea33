using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using InterviewState = MediaScore.Storage.InterviewState;

namespace MediaScore.MediaServer.Tests.Sessions;

/// <summary>Interviews that have ended and cannot be taken up just now, or not any more.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mediascore-outage-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_finished_interview_outlives_an_outage_of_the_database_and_so_do_the_server_and_all_others()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var finished = await LeaveFinishedAsync();
        await TestServer.ExecuteAsync(_data.FullName, $"CREATE TRIGGER outage BEFORE UPDATE ON interviews WHEN OLD.Id = '{finished.InterviewId}' BEGIN SELECT RAISE(ABORT, 'scripted'); END");
        var began = TimeProvider.System.GetTimestamp();
        await using var server = await TestServer.StartAsync(_data.FullName);
        var report = server.Host.Registry.Find(finished.InterviewId)!.Report;

        // Each of them gives the finished one another try when it has its report.
        for (var i = 0; i < 4; i++)
        {
            var other = await server.CreateAsync();
            var done = server.Host.Registry.Find(other.InterviewId)!.Report;
            await EndAsync(server, other);
            (await done.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldBeNull();
        }

        server.Host.Registry.Find(finished.InterviewId)!.Row.State.ShouldBe(InterviewState.Finishing);
        server.Host.Registry.Find(finished.InterviewId)!.FaultCount.ShouldBe(0);
        // Each wait is as long as all before it and two seconds: whoever has come to this one has waited for those.
        var wait = server.Host.Registry.Find(finished.InterviewId)!.BackOff.Length;
        wait.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeProvider.System.GetElapsedTime(began) + TimeSpan.FromSeconds(2));
        server.Host.Stopping.IsCancellationRequested.ShouldBeFalse();
        await server.ExecuteAsync("DROP TRIGGER outage");

        (await report.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldBeNull();
        (await server.Host.Parts.Store.FindAsync(finished.InterviewId, Cancellation))!.State.ShouldBe(InterviewState.ReportReady);
    }

    [Fact]
    public async Task An_interview_whose_failure_cannot_be_stored_stops_no_server_and_fails_when_it_can_be()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var finished = await LeaveFinishedAsync(erases: true);
        // The epoch may be counted on; only the state cannot be stored.
        await TestServer.ExecuteAsync(_data.FullName, $"CREATE TRIGGER outage BEFORE UPDATE OF State ON interviews WHEN OLD.Id = '{finished.InterviewId}' BEGIN SELECT RAISE(ABORT, 'scripted'); END");
        await using var server = await TestServer.StartAsync(_data.FullName);
        var interview = server.Host.Registry.Find(finished.InterviewId)!;
        while (interview.BackOff.Length == TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);

        var other = await server.CreateAsync();
        var done = server.Host.Registry.Find(other.InterviewId)!.Report;
        await EndAsync(server, other);
        (await done.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldBeNull();
        interview.Report.IsCompleted.ShouldBeFalse();
        await server.ExecuteAsync("DROP TRIGGER outage");

        (await interview.Report.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_interview_that_was_erased_while_it_waited_ends_as_erased_without_a_new_key_or_a_report()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var erased = await LeaveFinishedAsync(erases: true);
        await using var server = await TestServer.StartAsync(_data.FullName);
        if (server.Host.Registry.Find(erased.InterviewId) is { } unfinished)
            (await unfinished.Report.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldBe("it was erased");

        var row = (await server.Host.Parts.Store.FindAsync(erased.InterviewId, Cancellation))!;
        row.State.ShouldBe(InterviewState.Failed);
        row.FailureReason.ShouldBe("it was erased");
        server.Host.Parts.Keys.TryGet(erased.InterviewId).ShouldBeNull();
    }

    [Fact]
    public async Task No_report_is_written_of_an_interview_that_was_erased_after_its_analysis()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(_data.FullName);
        var interview = server.Host.Registry.Find((await server.CreateAsync()).InterviewId)!;
        server.Host.Parts.Keys.Destroy(interview.Row.Id).ShouldBeTrue();

        await Should.ThrowAsync<InterviewErasedException>(() => server.Host.Parts.Reports.WriteAsync(interview.Row, interview.Plan, [], Cancellation));

        server.Host.Parts.Keys.TryGet(interview.Row.Id).ShouldBeNull();
        File.Exists(server.Host.Parts.Reports.Folder(interview.Row.Id).ReportPath).ShouldBeFalse();
    }

    [Fact]
    public void What_breaks_down_again_and_again_is_left_alone_for_longer_each_time_and_never_for_good()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var backOff = new BackOff(time);
        backOff.IsOver.ShouldBeTrue();
        var before = TimeSpan.Zero;

        for (var i = 0; i < 5; i++)
        {
            backOff.Begin();
            backOff.IsOver.ShouldBeFalse();
            backOff.Length.ShouldBeGreaterThan(before);
            before = backOff.Length;
            time.Advance(before);
            backOff.IsOver.ShouldBeTrue();
        }

        for (var i = 0; i < 100; i++)
            backOff.Begin();
        backOff.Length.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    /// <summary>An interview that an earlier process left without its report.</summary>
    private async Task<CreateInterviewResponse> LeaveFinishedAsync(bool erases = false)
    {
        await using var server = await TestServer.StartAsync(_data.FullName, ("FinalPass:Concurrency", "0"));
        var interview = await server.CreateAsync();
        var live = server.Host.Registry.Find(interview.InterviewId)!;
        await EndAsync(server, interview);
        while (!live.IsEndStored)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        if (erases)
            server.Host.Parts.Keys.Destroy(interview.InterviewId).ShouldBeTrue();
        return interview;
    }

    private static async Task EndAsync(TestServer server, CreateInterviewResponse interview)
    {
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await caller.SendSilenceAsync(0, 0.5);
        await caller.SendEndAsync(0.5);
        await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Progress);
    }
}
