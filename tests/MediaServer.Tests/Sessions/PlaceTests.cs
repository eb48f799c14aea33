using MediaScore.Assessment.Plans;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Storage;
using MediaScore.TestMedia;
using MediaScore.WebRtc;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class PlaceTests
{
    private static readonly StoredPlan Plan = ReadPlan();

    private readonly FakeTimeProvider _time = new();
    private readonly SessionRegistry _registry = new();

    [Fact]
    public void One_that_nobody_comes_to_gives_its_place_back_after_ten_minutes()
    {
        var interview = Add("a");

        interview.HoldsPlace.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(10));

        interview.HoldsPlace.ShouldBeFalse();
        _registry.TakenPlaces.ShouldBe(0);
    }

    [Fact]
    public void An_invitation_has_a_place_from_when_its_candidate_comes_and_for_a_minute_without_a_connection()
    {
        var invitation = Add("a", invited: true);

        var before = invitation.HoldsPlace;
        invitation.TakePlace();
        var admitted = invitation.HoldsPlace;
        _time.Advance(TimeSpan.FromMinutes(1));
        var stayedAway = invitation.HoldsPlace;
        invitation.Candidate = new FakeCandidateConnection();

        (before, admitted, stayedAway, invitation.HoldsPlace).ShouldBe((false, true, false, true));
    }

    [Theory]
    [InlineData(InterviewState.Running, true)]
    [InlineData(InterviewState.Finishing, false)]
    [InlineData(InterviewState.Failed, false)]
    internal void Who_is_in_the_middle_keeps_the_place_however_long_away_and_the_analysis_after_the_end_has_none(InterviewState state, bool expected)
    {
        var interview = Add("a");
        interview.Row.State = state;
        _time.Advance(TimeSpan.FromHours(1));

        interview.HoldsPlace.ShouldBe(expected);
    }

    [Fact]
    public void An_interview_settles_when_its_media_could_come_for_half_a_minute_and_stays_settled_over_a_broken_connection()
    {
        var connection = new FakeCandidateConnection();
        var interview = Add("a");
        var connecting = _registry.CountConnected();
        interview.Candidate = connection;
        connection.Set(RtcState.Connected, 1, 0);
        var begun = _registry.CountConnected();
        _time.Advance(LiveInterview.SettlingTime);
        var settled = _registry.CountConnected();
        interview.Candidate = null;
        var broken = _registry.CountConnected();
        interview.Candidate = connection;

        connecting.ShouldBe(new ConnectedInterviews(0, 0));
        begun.ShouldBe(new ConnectedInterviews(New: 1, Settled: 0));
        settled.ShouldBe(new ConnectedInterviews(New: 0, Settled: 1));
        broken.ShouldBe(new ConnectedInterviews(0, 0));
        _registry.CountConnected().ShouldBe(settled);
    }

    [Fact]
    public void Who_only_waits_for_the_report_is_none_of_those_that_the_machine_holds()
    {
        var connection = new FakeCandidateConnection();
        var interview = Add("a");
        interview.Candidate = connection;
        connection.Set(RtcState.Connected, 1, 0);
        interview.Row.State = InterviewState.Running;
        var running = _registry.CountConnected();
        interview.Row.State = InterviewState.Finishing;

        running.ShouldBe(new ConnectedInterviews(New: 1, Settled: 0));
        _registry.CountConnected().ShouldBe(new ConnectedInterviews(0, 0));
    }

    [Fact]
    public void Every_change_of_the_places_is_another_version_and_keys_are_known_while_their_interview_is()
    {
        var interview = Add("a", key: "key");
        var added = _registry.Version;
        var found = _registry.FindByIdempotencyKey("acme", "key");
        var otherTenant = _registry.FindByIdempotencyKey("other", "key");
        _registry.Remove(interview).ShouldBeTrue();

        _registry.Version.ShouldNotBe(added);
        found.ShouldBe(interview);
        otherTenant.ShouldBeNull();
        _registry.FindByIdempotencyKey("acme", "key").ShouldBeNull();
    }

    private static StoredPlan ReadPlan()
    {
        var yaml = File.ReadAllBytes(Path.Combine(SharedTestData.RepositoryRoot, "plans", "store-manager.yaml"));
        return new StoredPlan(PlanParser.Parse(yaml).Plan!, yaml);
    }

    private LiveInterview Add(string id, bool invited = false, string? key = null)
    {
        var row = new InterviewRow
        {
            Id = id,
            Tenant = "acme",
            PlanId = "store-manager",
            PlanSha256 = Plan.Sha256,
            CandidateReference = "c",
            Language = "en",
            PolicyProfile = "default",
            Recognizer = "default",
            AccessTokenSha256 = "",
            CandidateTokenSha256 = "",
            Invited = invited,
            IdempotencyKey = key,
            State = InterviewState.Created,
        };
        var interview = new LiveInterview(row, Plan, (_, _) => throw new InvalidOperationException("Nothing is opened here."), _time);
        _registry.Add(interview);
        return interview;
    }
}
