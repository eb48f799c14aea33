using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Inference;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Access;

/// <summary>From frames to one decision a pass.</summary>
public sealed class FaceGateTests : IAsyncLifetime
{
    // What the camera sees in pictures of these shades.
    private const int Empty = 0;
    private const int Ada = 1;
    private const int Bo = 2;
    private const int Stranger = 3;
    private const int Shadow = 4;

    private static readonly float[] FaceOfAda = Directions.Any(1);
    private static readonly float[] FaceOfBo = Directions.Any(2);

    private DoorSite _site = null!;
    private FaceGate _gate = null!;
    private ulong _frameId;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await DoorSite.OpenAsync();
        await _site.EnrolAsync("1001", Ada, FaceOfAda);
        await _site.EnrolAsync("1002", Bo, FaceOfBo);
        _site.Camera.Show(Stranger, Directions.Any(3));
        _site.Camera.Show(Shadow, FaceOfAda, worth: 0.2, fault: "too dark");
        await UseAsync();
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Many_frames_of_one_person_give_one_decision_and_one_record()
    {
        var findings = new List<FrameFinding>();
        for (var i = 0; i < 12; i++)
            findings.Add(await LookAsync(Ada));

        findings.ShouldAllBe(finding => finding.Verdict == FrameVerdict.Used && finding.PassId == 1 && finding.FaceCount == 1);
        findings[0].Decision.ShouldNotBeNull();
        findings.Skip(1).ShouldAllBe(finding => finding.Decision == null);
        var decision = findings[0].Decision!;
        (decision.Outcome, decision.FrameId, decision.Match!.Person.Number, decision.OpenFor).ShouldBe((DeviceEventOutcome.Granted, 1UL, "1001", TimeSpan.FromSeconds(3)));
        var stored = (await _site.StoredAsync()).ShouldHaveSingleItem();
        (stored.Kind, stored.Outcome, stored.PersonNumber, stored.Method).ShouldBe((DeviceEventKind.Access, DeviceEventOutcome.Granted, "1001", "face"));
        stored.Similarity!.Value.ShouldBe(0.9, 0.001);
        stored.ShouldFitItsColumns();
        // Not every frame costs a comparison, only every two seconds one: somebody else may stand there.
        _site.Camera.ExaminedCount.ShouldBeInRange(2, 4);
    }

    [Fact]
    public async Task Whoever_comes_back_after_a_gap_is_another_pass()
    {
        (await LookAsync(Ada)).Decision!.PassId.ShouldBe(1UL);

        var back = (await LookAsync(Ada, afterMs: 2_500)).Decision;

        (back!.PassId, back.Outcome).ShouldBe((2UL, DeviceEventOutcome.Granted));
        (await _site.StoredAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stranger_is_told_so_after_three_frames_and_nobody_is_named()
    {
        var decisions = new List<PassDecision?>();
        for (var i = 0; i < 3; i++)
            decisions.Add((await LookAsync(Stranger)).Decision);

        decisions.Take(2).ShouldAllBe(decision => decision == null);
        (decisions[2]!.Outcome, decisions[2]!.OpenFor).ShouldBe((DeviceEventOutcome.NotRecognised, TimeSpan.Zero));
        var stored = (await _site.StoredAsync()).ShouldHaveSingleItem();
        stored.PersonNumber.ShouldBeNull("who merely came nearest is nobody");
        stored.Similarity!.Value.ShouldBeLessThan(0.5);
    }

    [Fact]
    public async Task Somebody_who_is_blocked_is_recognised_and_stays_outside()
    {
        await _site.Site.Directory.SetBlockedAsync(Site.Tenant, "1001", blocked: true);

        var decision = (await LookAsync(Ada)).Decision!;

        (decision.Outcome, decision.OpenFor, decision.Reason).ShouldBe((DeviceEventOutcome.Denied, TimeSpan.Zero, "blocked"));
        (await _site.StoredAsync()).ShouldHaveSingleItem().PersonNumber.ShouldBe("1001");
    }

    [Fact]
    public async Task Somebody_who_withdrew_consent_is_a_stranger_from_then_on()
    {
        (await LookAsync(Ada)).Decision!.Outcome.ShouldBe(DeviceEventOutcome.Granted);
        await _site.Site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        await LookAsync(Ada, afterMs: 2_500);
        await LookAsync(Ada);
        var decision = (await LookAsync(Ada)).Decision!;

        (decision.Outcome, decision.OpenFor).ShouldBe((DeviceEventOutcome.NotRecognised, TimeSpan.Zero));
        (await _site.StoredAsync())[^1].PersonNumber.ShouldBeNull();
    }

    [Fact]
    public async Task Two_people_one_after_another_without_a_gap_are_two_passes()
    {
        var decisions = new List<PassDecision>();
        foreach (var who in new[] { Ada, Ada, Bo, Bo, Bo, Bo, Bo, Bo })
        {
            if ((await LookAsync(who)).Decision is { } decision)
                decisions.Add(decision);
        }

        decisions.Select(decision => (decision.PassId, decision.Match!.Person.Number)).ShouldBe([(1UL, "1001"), (2UL, "1002")]);
        (await _site.StoredAsync()).Select(stored => stored.PersonNumber).ShouldBe(["1001", "1002"]);
    }

    [Fact]
    public async Task Whoever_steps_in_before_somebody_was_decided_opens_no_door_for_both()
    {
        (await LookAsync(Stranger)).Decision.ShouldBeNull();

        var decision = (await LookAsync(Ada)).Decision!;

        (decision.PassId, decision.Outcome).ShouldBe((2UL, DeviceEventOutcome.Granted));
        (await _site.StoredAsync()).Select(stored => $"{stored.Outcome} {stored.PersonNumber}").ShouldBe(["NotRecognised ", "Granted 1001"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(2_500)]
    public async Task Where_one_frame_ends_a_pass_and_decides_the_next_both_are_told(int afterMs)
    {
        await LookAsync(Stranger);

        var finding = await LookAsync(Ada, afterMs);

        var (earlier, own) = (finding.EarlierDecision.ShouldNotBeNull(), finding.Decision.ShouldNotBeNull());
        (earlier.PassId, earlier.Outcome, earlier.FrameId, earlier.OpenFor).ShouldBe((1UL, DeviceEventOutcome.NotRecognised, 0UL, TimeSpan.Zero));
        (own.PassId, own.Outcome, own.FrameId).ShouldBe((2UL, DeviceEventOutcome.Granted, 2UL));
        (await _site.StoredAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_decided_before_a_model_failed_on_the_frame_is_told()
    {
        await LookAsync(Stranger);
        _site.Camera.Examining = () => throw new InferenceFailedException("scripted", "the run failed");

        var finding = await LookAsync(Ada, afterMs: 2_500);

        (finding.Verdict, finding.PassId).ShouldBe((FrameVerdict.Failed, 2UL));
        finding.Decision.ShouldNotBeNull().PassId.ShouldBe(1UL);
        (await _site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(finding.Decision.Outcome);
    }

    [Fact]
    public async Task A_frame_without_a_face_decides_nothing_by_itself()
    {
        var finding = await LookAsync(Empty);

        (finding.Verdict, finding.PassId, finding.FaceCount, finding.Box).ShouldBe((FrameVerdict.NoFace, 0UL, 0, null));
        finding.Decision.ShouldBeNull();
        (await _site.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_who_looked_once_and_left_is_decided_with_what_there_is()
    {
        await LookAsync(Stranger);
        (await LookAsync(Empty)).Decision.ShouldBeNull();
        (await LookAsync(Empty)).Decision.ShouldBeNull();

        var decision = (await LookAsync(Empty)).Decision!;

        (decision.PassId, decision.FrameId, decision.Outcome).ShouldBe((1UL, 0UL, DeviceEventOutcome.NotRecognised));
        (await _site.StoredAsync()).ShouldHaveSingleItem().Detail.ShouldBeNull("no frame decided, so there is no latency");
    }

    [Fact]
    public async Task A_terminal_that_sends_no_more_frames_is_told_all_the_same()
    {
        await LookAsync(Stranger);
        (await _gate.CloseAsync(Cancellation)).ShouldBeNull("its time is not up");

        _site.Time.Advance(TimeSpan.FromSeconds(1.5));
        var decision = await _gate.CloseAsync(Cancellation);

        decision!.Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
        (await _gate.CloseAsync(Cancellation)).ShouldBeNull("a pass is decided once");
    }

    [Fact]
    public async Task A_face_that_is_worth_too_little_is_not_compared_and_its_owner_is_told_why()
    {
        var findings = new List<FrameFinding>();
        for (var i = 0; i < 4; i++)
            findings.Add(await LookAsync(Shadow));

        findings.ShouldAllBe(finding => finding.Verdict == FrameVerdict.Poor && finding.Reason == "too dark");
        _site.Camera.ExaminedCount.ShouldBe(0);
        var decision = findings[3].Decision!;
        (decision.Outcome, decision.Reason, decision.OpenFor).ShouldBe((DeviceEventOutcome.NotAssessed, "too dark", TimeSpan.Zero));
        (await _site.StoredAsync()).ShouldHaveSingleItem().Reason.ShouldBe("too dark");
    }

    [Fact]
    public async Task Whoever_was_seen_too_badly_first_and_comes_nearer_is_let_in_without_stepping_back()
    {
        for (var i = 0; i < 4; i++)
            await LookAsync(Shadow);

        var decision = (await LookAsync(Ada)).Decision!;

        (decision.PassId, decision.Outcome, decision.Match!.Person.Number).ShouldBe((2UL, DeviceEventOutcome.Granted, "1001"));
    }

    [Fact]
    public async Task A_decision_that_comes_too_late_is_a_timeout_and_never_an_open_door()
    {
        _site.Camera.Examining = () => _site.Time.Advance(TimeSpan.FromMilliseconds(1_001));
        var late = (await LookAsync(Ada)).Decision!;
        _site.Camera.Examining = null;

        (late.Outcome, late.OpenFor, late.Match).ShouldBe((DeviceEventOutcome.TimedOut, TimeSpan.Zero, null));
        late.Reason.ShouldContain("too late");
        var stored = (await _site.StoredAsync()).ShouldHaveSingleItem();
        (stored.Outcome, stored.PersonNumber).ShouldBe((DeviceEventOutcome.TimedOut, null));
        // The person still stands there: the next frame is another chance.
        (await LookAsync(Ada)).Decision!.Outcome.ShouldBe(DeviceEventOutcome.Granted);
    }

    [Fact]
    public async Task A_frame_that_waited_longer_than_the_person_is_not_looked_at()
    {
        var arrivedAt = _site.Time.GetUtcNow();
        _site.Time.Advance(TimeSpan.FromMilliseconds(300));

        var finding = await _gate.LookAsync(new FaceFrame(1, ScriptedFaces.Picture(Ada), arrivedAt, TimeSpan.FromMilliseconds(300)), Cancellation);

        (finding.Verdict, finding.Decision).ShouldBe((FrameVerdict.Late, null));
        _site.Camera.DetectedCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_record_is_on_the_disk_before_the_door_hears_of_it()
    {
        _site.Disk.Hold();

        var looking = LookAsync(Ada);
        await _site.Disk.Waiting;
        looking.IsCompleted.ShouldBeFalse("nothing is durable yet");
        _site.Disk.Release();
        var decision = (await looking).Decision!;

        decision.Outcome.ShouldBe(DeviceEventOutcome.Granted);
        (await _site.Events.SearchAsync(new DeviceEventQuery(Site.Tenant), 10, Cancellation)).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.Granted);
    }

    [Fact]
    public async Task A_disk_that_is_slower_than_the_person_keeps_the_door_shut_and_the_one_record_of_it_says_so()
    {
        var told = new List<DeviceEventOutcome>();
        _site.Journal.Stored += rows => told.AddRange(rows.Select(row => row.Outcome));
        _site.Disk.Hold();

        var looking = LookAsync(Ada);
        await _site.Disk.Waiting;
        _site.Time.Advance(TimeSpan.FromSeconds(1));
        var decision = (await looking).Decision!;
        _site.Disk.Release();

        (decision.Outcome, decision.OpenFor).ShouldBe((DeviceEventOutcome.TimedOut, TimeSpan.Zero));
        var stored = (await _site.StoredAsync()).ShouldHaveSingleItem("one person stood there once");
        (stored.Outcome, stored.PersonNumber, stored.Reason).ShouldBe((DeviceEventOutcome.TimedOut, null, decision.Reason));
        stored.ShouldFitItsColumns();
        told.ShouldBe([DeviceEventOutcome.TimedOut], "nobody who watches has seen a door open");
        // The next frame is another pass, and another record.
        (await LookAsync(Ada)).Decision!.Outcome.ShouldBe(DeviceEventOutcome.Granted);
        (await _site.StoredAsync()).Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.TimedOut, DeviceEventOutcome.Granted]);
    }

    [Fact]
    public async Task A_decision_whose_terminal_went_away_before_it_was_on_the_disk_is_no_open_door_in_the_record()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _site.Disk.Hold();

        var looking = _gate.LookAsync(new FaceFrame(1, ScriptedFaces.Picture(Ada), _site.Time.GetUtcNow(), TimeSpan.FromSeconds(1)), gone.Token).AsTask();
        await _site.Disk.Waiting;
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(looking);
        _site.Disk.Release();

        (await _site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.TimedOut);
    }

    [Fact]
    public async Task What_cannot_be_stored_opens_no_door()
    {
        _site.Disk.Fails = true;

        await Should.ThrowAsync<IOException>(() => LookAsync(Ada));

        _site.Disk.Fails = false;
        (await _site.StoredAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(LivenessMode.Off, 0.1, DeviceEventOutcome.Granted, 0)]
    [InlineData(LivenessMode.Report, 0.1, DeviceEventOutcome.Granted, 1)]
    [InlineData(LivenessMode.Require, 0.95, DeviceEventOutcome.Granted, 1)]
    [InlineData(LivenessMode.Require, 0.1, DeviceEventOutcome.Spoof, 3)]
    [InlineData(LivenessMode.Require, -1.0, DeviceEventOutcome.NotAssessed, 3)]
    public async Task What_a_picture_of_a_face_is_worth_is_a_setting_of_each_door(LivenessMode mode, double live, DeviceEventOutcome expected, int askedCount)
    {
        await UseAsync(row => row.Liveness = mode);
        _site.Camera.Show(Ada, FaceOfAda, live: live < 0 ? null : live);

        double? reported = mode == LivenessMode.Off || live < 0 ? null : live;
        PassDecision? decision = null;
        for (var i = 0; i < 3 && decision is null; i++)
            decision = (await LookAsync(Ada)).Decision;

        (decision!.Outcome, decision.OpenFor > TimeSpan.Zero).ShouldBe((expected, expected == DeviceEventOutcome.Granted));
        _site.Camera.LivenessCount.ShouldBe(askedCount);
        var stored = (await _site.StoredAsync()).ShouldHaveSingleItem();
        stored.Liveness.ShouldBe(reported);
        if (expected != DeviceEventOutcome.Granted)
            stored.Reason.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_door_may_ask_for_more_similarity_than_the_others()
    {
        await UseAsync(row => row.AcceptSimilarity = 0.95);

        for (var i = 0; i < 2; i++)
            (await LookAsync(Ada)).Decision.ShouldBeNull();

        (await LookAsync(Ada)).Decision!.Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
    }

    [Fact]
    public async Task A_model_that_is_missing_fails_the_frame_and_names_the_cure()
    {
        _site.Camera.IsMissing = true;

        var finding = await LookAsync(Ada);

        (finding.Verdict, finding.Decision).ShouldBe((FrameVerdict.Failed, null));
        finding.Reason.ShouldContain("models prepare");
    }

    /// <summary>Another terminal, with settings of its own.</summary>
    private async Task UseAsync(Action<DeviceRow>? set = null) => _gate = _site.GateOf(await _site.ApproveAsync($"T-{_site.Registry.List().Count}", set));

    private async Task<FrameFinding> LookAsync(int shade, int afterMs = 500)
    {
        _site.Time.Advance(TimeSpan.FromMilliseconds(afterMs));
        return await _gate.LookAsync(new FaceFrame(++_frameId, ScriptedFaces.Picture(shade), _site.Time.GetUtcNow(), TimeSpan.FromSeconds(1)), Cancellation);
    }
}
