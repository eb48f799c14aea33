using Grpc.Core;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;
using Microsoft.Data.Sqlite;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class InvitationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_permitted_before_the_candidate_was_asked_and_no_stream_is_taken()
    {
        var server = shared.Require();

        var invitation = await InviteAsync(server);
        var mixed = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.CandidateConsents = true));
        using var caller = MediaCaller.Open(server);
        await caller.SendStartAsync(invitation.InterviewId, invitation.AccessToken, MediaCaller.Pcm);
        var early = await caller.ReadFaultAsync();

        invitation.Permitted.ShouldBeEmpty();
        invitation.CandidateUrl.ShouldStartWith($"{server.Host.Addresses.Http}/interviews/{invitation.InterviewId}?token=");
        mixed.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        mixed.Status.Detail.ShouldContain("candidate_consents");
        early.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        early.Status.Detail.ShouldContain("consent");
    }

    [Fact]
    public async Task Consent_and_policy_settle_what_is_permitted_until_media_begin()
    {
        var server = shared.Require();
        var invitation = await InviteAsync(server, r => r.PolicyProfile = "eu");
        var (interview, conductor) = Find(server, invitation);

        var first = await conductor.SetConsentAsync(interview, Domain.Modality.Text, Cancellation);
        var second = await conductor.SetConsentAsync(interview, Domain.Modality.Audio | Domain.Modality.Transcript | Domain.Modality.Gaze, Cancellation);
        var permitted = interview.Row.Permitted;
        using var caller = await MediaCaller.StartAsync(server, invitation, MediaCaller.Pcm);
        await caller.SendSilenceAsync(0, 0.2);
        await caller.ReadUntilDurableAsync(0.1);
        var late = await conductor.SetConsentAsync(interview, Domain.Modality.Audio | Domain.Modality.Video, Cancellation);
        await caller.SendEndAsync(0.2);
        await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);
        var report = await server.Client.GetReportAsync(new GetReportRequest { InterviewId = invitation.InterviewId, AccessToken = invitation.AccessToken });

        (first, second).ShouldBe((null, null));
        permitted.ShouldBe(Domain.Modality.Audio | Domain.Modality.Transcript);
        late.ShouldNotBeNull().ShouldContain("has begun");
        var stored = (await server.Host.Parts.Store.FindAsync(invitation.InterviewId, Cancellation))!;
        (stored.ConsentPending, stored.Permitted).ShouldBe((false, permitted));
        report.Content.ToStringUtf8().ShouldNotContain("\"Video\": true");
    }

    [Fact]
    public async Task The_candidates_token_sends_media_and_reads_no_report()
    {
        var server = shared.Require();
        var invitation = await InviteAsync(server);
        var token = TokenOf(invitation);

        var state = await Should.ThrowAsync<RpcException>(() => server.Client.GetInterviewAsync(new GetInterviewRequest { InterviewId = invitation.InterviewId, AccessToken = token }).ResponseAsync);
        using var report = await server.Http.GetAsync($"/interviews/{invitation.InterviewId}/report?token={token}", Cancellation);

        token.ShouldNotBe(invitation.AccessToken);
        state.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        ((int)report.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task A_repeated_call_gets_its_invitation_whatever_the_candidate_has_consented_to_by_then()
    {
        var server = shared.Require();
        var key = Guid.NewGuid().ToString("n");
        var first = await InviteAsync(server, r => r.IdempotencyKey = key);
        var (interview, conductor) = Find(server, first);
        await conductor.SetConsentAsync(interview, Domain.Modality.Audio, Cancellation);

        var second = await InviteAsync(server, r => r.IdempotencyKey = key);
        var conflict = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.IdempotencyKey = key));

        (second.InterviewId, second.CandidateUrl).ShouldBe((first.InterviewId, first.CandidateUrl));
        conflict.Status.Detail.ShouldContain("another consent");
    }

    [Fact]
    public async Task An_invitation_takes_no_place_and_waits_for_its_candidate_over_a_restart_but_not_for_ever()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-invitation-");
        CreateInterviewResponse kept, stale;
        await using (var server = await TestServer.StartAsync(data.FullName, ("Admission:MaxInterviews", "1")))
        {
            kept = await InviteAsync(server);
            stale = await InviteAsync(server);
            await server.CreateAsync(); // There is still a place.
            server.Host.Registry.TakenPlaces.ShouldBe(1);
        }

        await AgeAsync(data.FullName, kept.InterviewId, TimeSpan.FromDays(13));
        await AgeAsync(data.FullName, stale.InterviewId, TimeSpan.FromDays(14.1));
        await using var next = await TestServer.StartAsync(data.FullName, ("Admission:MaxInterviews", "1"));
        var outcome = await next.Host.Registry.Find(stale.InterviewId)!.Report.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);

        outcome.Failure.ShouldBe("nobody came within 14 days");
        next.Host.Registry.Find(kept.InterviewId)!.Row.ConsentPending.ShouldBeTrue();
        SqliteConnection.ClearAllPools();
    }

    private static Task<CreateInterviewResponse> InviteAsync(TestServer server, Action<CreateInterviewRequest>? change = null) => server.CreateAsync(r =>
    {
        r.Consent.Clear();
        r.CandidateConsents = true;
        change?.Invoke(r);
    });

    private static string TokenOf(CreateInterviewResponse invitation) => invitation.CandidateUrl.Split("token=")[1];

    private static (LiveInterview Interview, InterviewConductor Conductor) Find(TestServer server, CreateInterviewResponse invitation) =>
        (server.Host.Registry.Find(invitation.InterviewId)!, server.Host.Conductor);

    private static async Task AgeAsync(string dataFolder, string interviewId, TimeSpan age)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(dataFolder, "mediascore.db")}");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE interviews SET CreatedAt = CreatedAt - $age WHERE Id = $id";
        command.Parameters.AddWithValue("$age", (long)age.TotalMicroseconds);
        command.Parameters.AddWithValue("$id", interviewId);
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }
}
