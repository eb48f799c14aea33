using System.Net;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Peers.Whip;
using MediaScore.Pipelines.Session;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

/// <summary>Where an interview over WebRTC comes to a bound: its longest length, and the last place.</summary>
public sealed class WhipLimitTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_comes_to_the_longest_length_is_ended_there_with_a_report_of_all_before()
    {
        var server = shared.Require();
        await using var candidate = await Candidate.InviteAsync(server);
        var interview = candidate.Interview;
        // As if the candidate had been here since almost four hours, and away for most of them.
        interview.Clock.Start(Domain.MediaTime.Zero + (InterviewSession.LengthLimit - TimeSpan.FromSeconds(3)), TimeSpan.Zero);

        var peer = await candidate.ConnectAsync(await CandidateMedia.SyntheticAsync());
        var outcome = await interview.Report.WaitAsync(Patience, TimeProvider.System, Cancellation);
        await peer.Ended.WaitAsync(Patience, TimeProvider.System, Cancellation);

        outcome.Failure.ShouldBeNull();
        var observations = server.Host.Parts.Reports.ReadTimeline(interview.Row.Id)!.Entries.Select(e => e.Observation).ToList();
        observations.OfType<Domain.InterviewEnded>().ShouldHaveSingleItem().Reason.ShouldBe(Domain.InterviewEndReason.LengthLimit);
        using var recording = server.Host.Parts.Reports.OpenRecording(interview.Row.Id)!;
        var latest = recording.ReadAll().Where(e => e.IsPacket).Max(e => e.Packet.Time.ToTimeSpan());
        latest.ShouldBeInRange(InterviewSession.LengthLimit - TimeSpan.FromSeconds(1), InterviewSession.LengthLimit);
        (await candidate.LoadPageAsync(await CandidateMedia.SyntheticAsync())).Reply!.Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Two_who_come_at_once_do_not_both_get_the_last_place()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Admission:MaxInterviews", "1"));
        await using var one = await Candidate.InviteAsync(server);
        await using var two = await Candidate.InviteAsync(server);
        var offer = SenderOffer.Write(
            new SenderOfferOptions(), new SenderOfferIds(1, "abcd", "0123456789012345678901", string.Join(':', Enumerable.Repeat("AB", 32)), "cname", 1, [2], [3]));

        // The first look gives the place away, long before there is a connection.
        server.Host.Conductor.Admit(one.Interview).Accepted.ShouldBeTrue();
        server.Host.Conductor.Admit(one.Interview).Accepted.ShouldBeTrue();
        server.Host.Conductor.Admit(two.Interview).Refusal.ShouldBe(MediaServer.Sessions.CandidateRefusal.NoPlace);
        var first = await server.Host.WhipResources.AnswerAsync(one.Interview, offer, 1, Cancellation);
        var second = await server.Host.WhipResources.AnswerAsync(two.Interview, offer, 2, Cancellation);

        first.Status.ShouldBe(201);
        second.Connection.ShouldBeNull();
        second.Refusal!.Value.Refusal.ShouldBe(MediaServer.Sessions.CandidateRefusal.NoPlace);
    }
}
