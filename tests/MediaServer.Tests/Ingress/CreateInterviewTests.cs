using System.Globalization;
using Grpc.Core;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Ingress;

public sealed class CreateInterviewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task An_interview_comes_with_a_secret_of_its_own_and_the_stages_of_its_plan()
    {
        var server = shared.Require();

        var interview = await server.CreateAsync();

        interview.InterviewId.ShouldNotBeEmpty();
        interview.AccessToken.Length.ShouldBe(43);
        interview.Stages.Select(s => s.Mode).ShouldBe(["video", "text", "voice"]);
        interview.Stages[0].Questions[0].TimeLimitS.ShouldBe(180);
        interview.Stages[0].Questions[0].Text.ShouldContain("Saturday evening");
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named_in_one_answer()
    {
        var server = shared.Require();

        var fault = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r =>
        {
            r.Tenant = "Not A Tenant";
            r.PlanId = "no-such-plan";
            r.CandidateReference = new string('x', 129);
            r.PolicyProfile = "mars";
            r.Recognizer = "best";
            r.Consent.Add((Modality)77);
        }));

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var word in new[] { "tenant", "plan_id", "candidate_reference has 129", "policy_profile is 'mars'", "recognizer is 'best'", "consent[6] is 77" })
            fault.Status.Detail.ShouldContain(word);
    }

    [Fact]
    public async Task A_tenant_that_ends_in_a_line_break_is_another_word_and_refused()
    {
        var server = shared.Require();

        var fault = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.Tenant = "acme\n"));

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("tenant");
    }

    [Fact]
    public async Task A_plan_with_unknown_fields_and_cyclic_stages_is_refused_with_every_fault()
    {
        var server = shared.Require();
        const string Plan =
            """
            id: broken
            version: 1
            colour: blue
            languages: [en]
            title: { en: Broken }
            stages:
              - id: one
                title: { en: One }
                mode: voice
                next: two
                questions: [{ id: q1, text: { en: Say something. }, timeLimitSeconds: 60, rerecords: 0, competencies: [c] }]
              - id: two
                title: { en: Two }
                mode: voice
                next: one
                questions: [{ id: q2, text: { en: Say more. }, timeLimitSeconds: 60, rerecords: 0, competencies: [c] }]
            competencies: []
            """;

        var fault = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.PlanYaml = Plan));

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("colour");
        fault.Status.Detail.ShouldContain("line 3");
        fault.Status.Detail.ShouldContain("next");
    }

    [Fact]
    public async Task A_language_that_the_plan_does_not_have_is_refused_with_those_it_has()
    {
        var server = shared.Require();

        var fault = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.Language = "fr"));

        fault.Status.Detail.ShouldContain("language is 'fr'");
        fault.Status.Detail.ShouldContain("en, zh");
    }

    [Fact]
    public async Task Only_what_consent_and_policy_both_allow_is_permitted()
    {
        var server = shared.Require();

        var interview = await server.CreateAsync(r =>
        {
            r.PolicyProfile = "eu";
            r.Consent.Clear();
            r.Consent.AddRange([Modality.Audio, Modality.Video, Modality.Gaze, Modality.Expression]);
        });

        interview.Permitted.ShouldBe([Modality.Audio, Modality.Video]);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_interview_and_the_same_secret()
    {
        var server = shared.Require();
        var key = Guid.NewGuid().ToString("n");

        var first = await server.CreateAsync(r => r.IdempotencyKey = key);
        var second = await server.CreateAsync(r => r.IdempotencyKey = key);
        var conflict = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r =>
        {
            r.IdempotencyKey = key;
            r.CandidateReference = "somebody else";
            r.Consent.Remove(Modality.Video);
        }));

        second.InterviewId.ShouldBe(first.InterviewId);
        second.AccessToken.ShouldBe(first.AccessToken);
        conflict.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        conflict.Status.Detail.ShouldContain("idempotency_key");
        conflict.Status.Detail.ShouldContain("another candidate_reference, consent");
    }

    [Fact]
    public async Task State_and_report_are_for_the_holder_of_the_secret()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        var state = await server.Client.GetInterviewAsync(new GetInterviewRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });
        var stranger = await Should.ThrowAsync<RpcException>(() => server.Client.GetInterviewAsync(new GetInterviewRequest { InterviewId = interview.InterviewId, AccessToken = new string('A', 43) }).ResponseAsync);
        var unknown = await Should.ThrowAsync<RpcException>(() => server.Client.GetReportAsync(new GetReportRequest { InterviewId = "nobody", AccessToken = interview.AccessToken }).ResponseAsync);
        var early = await Should.ThrowAsync<RpcException>(() => server.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken }).ResponseAsync);

        state.State.ShouldBe(InterviewState.Created);
        stranger.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        unknown.StatusCode.ShouldBe(StatusCode.NotFound);
        early.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        early.Status.Detail.ShouldContain("has not ended");
    }

    [Fact]
    public async Task When_all_places_are_taken_the_refusal_says_why_and_when_to_ask_again()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Admission:MaxInterviews", "1"), ("Admission:RetryAfterSeconds", "7"));
        await server.CreateAsync();

        var refusal = await Should.ThrowAsync<RpcException>(() => server.CreateAsync());

        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refusal.Status.Detail.ShouldContain("the limit is 1");
        int.Parse(refusal.Trailers.GetValue("retry-after-ms")!, CultureInfo.InvariantCulture).ShouldBeInRange(7000, 8750);
    }

    [Fact]
    public async Task A_refusal_asks_neither_the_database_nor_the_disk_and_a_repeated_call_is_none()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Admission:MaxInterviews", "1"));
        var first = await server.CreateAsync(r => r.IdempotencyKey = "key");
        var again = await server.CreateAsync(r => r.IdempotencyKey = "key");
        await server.ExecuteAsync("ALTER TABLE interviews RENAME TO gone");

        var refusal = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.PlanId = "there-is-no-such-plan"));
        var repeated = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.IdempotencyKey = "key"));
        await server.ExecuteAsync("ALTER TABLE gone RENAME TO interviews");

        again.InterviewId.ShouldBe(first.InterviewId);
        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        repeated.StatusCode.ShouldBe(StatusCode.Internal, "it is looked up, which shows that the table was gone");
    }

    [Fact]
    public async Task Without_models_an_interview_is_refused_with_the_command_that_mends_it()
    {
        var nothing = Directory.CreateTempSubdirectory("mediascore-no-models-");
        await using var server = await TestServer.StartAsync(null, ("Models:Prepared", nothing.FullName));

        var refusal = await Should.ThrowAsync<RpcException>(() => server.CreateAsync());
        using var ready = await server.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        using var alive = await server.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);

        refusal.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        refusal.Status.Detail.ShouldContain("mediascore models prepare");
        ((int)ready.StatusCode).ShouldBe(503);
        ((int)alive.StatusCode).ShouldBe(200);
        nothing.Delete(recursive: true);
    }
}
