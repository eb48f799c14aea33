using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Tests.Support;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Sessions;

/// <summary>Clicks that were on their way when their interview came to its end, or its server.</summary>
public sealed class LateRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Text = "We offer the lunch menu at dinner price on two weekends and count the guests.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clicks_that_wait_for_their_turn_while_the_interview_ends_are_told_that_it_has_ended()
    {
        var server = shared.Require();
        await using var candidate = await Candidate.InviteAsync(server, Domain.Modality.Text);
        var (interview, control) = (candidate.Interview, server.Host.Control);
        await control.WriteAsync(interview, "weekend-promotion", "weekend-promotion-plan", 1, Text, Cancellation);
        await interview.ControlTurn.WaitAsync(Cancellation);
        var again = control.EndAsync(interview, Cancellation);
        var answer = control.BeginAsync(interview, "falling-results", "falling-results-talk", 1, Cancellation);
        var session = interview.Session!;

        await session.EndAsync(Domain.InterviewEndReason.ClientEnded, Cancellation);
        (await interview.Report.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).Failure.ShouldBeNull();
        await interview.DisposeAsync();
        interview.ControlTurn.Release();

        (await again.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation)).ShouldBe(CandidateOutcome.Done);
        (await answer.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation)).Refusal.ShouldBe(CandidateRefusal.Ended);
    }

    [Fact]
    public async Task A_click_on_an_interview_that_this_process_let_go_of_is_to_be_asked_again_and_opens_nothing()
    {
        var server = shared.Require();
        await using var candidate = await Candidate.InviteAsync(server, Domain.Modality.Text);
        var interview = candidate.Interview;
        await server.Host.Control.WriteAsync(interview, "weekend-promotion", "weekend-promotion-plan", 1, Text, Cancellation);
        server.Host.Registry.Remove(interview).ShouldBeTrue();
        await interview.DisposeAsync();

        var outcome = await server.Host.Control.EndAsync(interview, Cancellation);

        outcome.Refusal.ShouldBe(CandidateRefusal.Stopping);
        outcome.RetryAfter.ShouldBeGreaterThan(TimeSpan.Zero);
        interview.Session.ShouldBeNull();
    }

    [Fact]
    public async Task An_interview_that_cannot_be_closed_keeps_no_other_one_open_when_the_server_stops()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();
        var interviews = new List<LiveInterview>();
        for (var i = 0; i < 4; i++)
        {
            await using var candidate = await Candidate.InviteAsync(server, Domain.Modality.Text);
            await server.Host.Control.WriteAsync(candidate.Interview, "weekend-promotion", "weekend-promotion-plan", 1, Text, Cancellation);
            interviews.Add(candidate.Interview);
        }

        var broken = server.Host.Registry.All.First();
        broken.Candidate = new BrokenConnection();
        await server.Host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);

        // The broken one's session too: only its connection is broken.
        foreach (var interview in interviews)
            interview.Session.ShouldBeNull();
    }

    [Fact]
    public async Task Who_has_heard_of_the_report_finds_no_interview_that_still_runs()
    {
        var server = shared.Require();
        await using var candidate = await Candidate.InviteAsync(server, Domain.Modality.Text);
        var interview = candidate.Interview;
        await server.Host.Control.WriteAsync(interview, "weekend-promotion", "weekend-promotion-plan", 1, Text, Cancellation);
        // On the very thread that tells it.
        var found = interview.Report.ContinueWith(
            _ => server.Host.Registry.Find(interview.Row.Id), Cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        await server.Host.Control.EndAsync(interview, Cancellation);

        (await found.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation)).ShouldBeNull();
    }

    private sealed class BrokenConnection : ICandidateConnection
    {
        public WebRtc.RtcStatistics Statistics { get; } = new();

        public Task FinishAsync() => throw new InvalidOperationException("broken");
    }
}
