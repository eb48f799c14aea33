using System.Text;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>
/// A device asks who may pass: in time, from the disk, once; and late is closed. Clocks stand still but where a test moves them: how fast this machine is decides nothing.
/// </summary>
public sealed class RemoteDecisionTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 2_000).Select(i => (byte)(i * 31)), 0xFF, 0xD9];

    [Theory]
    [InlineData("25", "success", DeviceEventOutcome.Granted)]
    [InlineData("26", "failed", DeviceEventOutcome.Denied)]
    [InlineData("27", "failed", DeviceEventOutcome.NotRecognised)]
    public async Task A_question_of_the_stream_is_answered_by_a_request(string number, string result, DeviceEventOutcome outcome)
    {
        var time = Clock();
        await using var simulated = Asking("SIM000000401", "ISAPI", time);
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        site.AddPerson("26", isBlocked: true);
        var device = await site.AddAsync(simulated);
        (await site.WhenAsync(device, IsapiPhase.Streaming)).Door.ShouldContain("this server decides");

        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace(number, Jpeg), CancellationToken.None), "the answer")).ShouldBe(result);

        // The decision, what the device made of it; and the lock, where it opened.
        await site.WhenStoredAsync(result == "success" ? 3 : 2);
        var decision = (await site.StoredAsync())[0];
        (decision.Outcome, decision.PersonNumber, decision.Code).ShouldBe((outcome, number, "remote-check/5.75"));
        site.Pictures.ShouldContainKey(decision.Picture.ShouldNotBeNull());
        simulated.UselessAnswerCount.ShouldBe(0);
        site.Service.CountsOf(device).Decided.ShouldBe(1);
    }

    [Fact]
    public async Task A_question_of_a_post_is_answered_in_its_reply()
    {
        var time = Clock();
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        await using var gate = await ListenerHost.StartAsync(site);
        var (device, path) = await site.AddListenerAsync("SIM000000402");
        await using var simulated = Asking("SIM000000402", "ISAPIListen", time, new Uri(gate.Address, path));

        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None), "the answer")).ShouldBe("success");
        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace("28", Jpeg), CancellationToken.None), "the answer")).ShouldBe("failed");

        await site.WhenStoredAsync(5);
        (await site.StoredAsync()).Where(row => row.Code.StartsWith("remote-check", StringComparison.Ordinal)).Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.NotRecognised]);
        site.Service.CountsOf(device).Decided.ShouldBe(2);
    }

    [Fact]
    public async Task A_device_heard_by_both_ways_is_answered_where_it_wants_it_and_once()
    {
        var time = Clock();
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        await using var gate = await ListenerHost.StartAsync(site);
        site.Options.PublicUrl = gate.Address.ToString();
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000403"), time);
        simulated.Start();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).State.ShouldBe(DeviceCommandState.Succeeded);
        var set = await site.TellAsync(device, IsapiCommandKinds.RemoteCheck, new RemoteCheckArguments(true, 10));
        (set.State, set.Result).ShouldBe((DeviceCommandState.Succeeded, "this server decides, within 10 s, in its reply to a post"));

        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None), "the answer")).ShouldBe("success");
        simulated.UselessAnswerCount.ShouldBe(0);
        await site.WhenStoredAsync(3);
        (await site.StoredAsync()).Count(row => row.Code.StartsWith("remote-check", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_face_that_is_not_that_persons_opens_no_door()
    {
        var time = Clock();
        await using var simulated = Asking("SIM000000404", "ISAPI", time);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = (number, _) => Task.FromResult(number switch
        {
            "25" => new FaceVerification(0.8, 0.9, ""),
            "26" => new FaceVerification(0.2, 0.9, ""),
            "27" => new FaceVerification(0.8, 0.1, ""),
            _ => new FaceVerification(null, null, "no template"),
        }), time);
        foreach (var number in new[] { "25", "26", "27", "28" })
            site.AddPerson(number);
        var device = await site.AddAsync(simulated, change: row => row.Liveness = LivenessMode.Require);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        foreach (var (number, result) in new[] { ("25", "success"), ("26", "failed"), ("27", "failed"), ("28", "failed") })
            (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace(number, Jpeg), CancellationToken.None), "the answer")).ShouldBe(result);

        await site.WhenStoredAsync(9);
        (await site.StoredAsync()).Where(row => row.Code.StartsWith("remote-check", StringComparison.Ordinal)).Select(row => (row.Outcome, row.Similarity)).ShouldBe(
        [
            (DeviceEventOutcome.Granted, 0.8), (DeviceEventOutcome.Denied, 0.2), (DeviceEventOutcome.Spoof, 0.8), (DeviceEventOutcome.NotAssessed, null),
        ]);
    }

    [Fact]
    public async Task A_decision_that_comes_too_late_opens_nothing_and_the_record_says_so()
    {
        var time = Clock();
        var slow = new TaskCompletionSource<FaceVerification>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = (_, token) =>
        {
            asked.SetResult();
            return slow.Task.WaitAsync(token);
        }, time);
        site.AddPerson("25");
        var (device, path) = await site.AddListenerAsync("SIM000000405");

        var reply = site.PostAsync(path, "multipart/form-data; boundary=MIME_boundary", Question(time, 7, "25"));
        await IsapiSite.WithinAsync(asked.Task, "the verification");
        time.Advance(TimeSpan.FromMilliseconds(site.Devices.DecisionDeadlineMs + 1));

        Decision((await IsapiSite.WithinAsync(reply, "the reply")).Body.Span).ShouldBe("failed");
        var row = (await site.StoredAsync()).ShouldHaveSingleItem();
        (row.Outcome, row.PersonNumber).ShouldBe((DeviceEventOutcome.TimedOut, "25"));
        row.Reason.ShouldContain("the door stayed closed");
        site.Service.CountsOf(device).Late.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_that_the_disk_does_not_take_in_time_opens_nothing_and_the_one_record_of_it_says_so()
    {
        var time = Clock();
        var disk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        var (_, path) = await site.AddListenerAsync("SIM000000406");
        await site.PostAsync(path, "application/json", "{}"u8.ToArray());
        site.DiskGate = disk.Task;

        var reply = site.PostAsync(path, "multipart/form-data; boundary=MIME_boundary", Question(time, 7, "25"));
        await site.WhenDiskIsAskedAsync();
        time.Advance(TimeSpan.FromMilliseconds(site.Devices.DecisionDeadlineMs));

        Decision((await IsapiSite.WithinAsync(reply, "the reply")).Body.Span).ShouldBe("failed");
        disk.SetResult();
        await site.WhenStoredAsync(1);
        await site.StopAsync();
        var row = (await site.StoredAsync()).ShouldHaveSingleItem();
        (row.Outcome, row.PersonNumber).ShouldBe((DeviceEventOutcome.TimedOut, "25"));
        await site.StartAsync();
    }

    [Fact]
    public async Task A_question_is_answered_once_and_never_one_of_the_log_or_one_that_is_old()
    {
        var time = Clock();
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        var (_, path) = await site.AddListenerAsync("SIM000000407");
        const string Type = "multipart/form-data; boundary=MIME_boundary";

        Decision((await site.PostAsync(path, Type, Question(time, 7, "25"))).Body.Span).ShouldBe("success");
        (await site.PostAsync(path, Type, Question(time, 7, "25"))).Body.Length.ShouldBe(0, "asked again");
        (await site.PostAsync(path, Type, Question(time, 8, "25", isCurrent: false))).Body.Length.ShouldBe(0, "of the log");
        time.Advance(TimeSpan.FromMinutes(6));
        (await site.PostAsync(path, Type, Question(new FakeTimeProvider(time.Start), 9, "25"))).Body.Length.ShouldBe(0, "old");
        await site.RestartAsync();
        (await site.PostAsync(path, Type, Question(new FakeTimeProvider(time.Start), 7, "25"))).Body.Length.ShouldBe(0, "asked before the restart");

        var rows = await site.StoredAsync();
        rows.Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.NotAssessed, DeviceEventOutcome.NotAssessed]);
        rows[2].Reason.ShouldBe("not answered: by the device's clock it was asked 6 min ago; set its clock and zone");
    }

    [Fact]
    public async Task A_decision_that_comes_after_the_device_has_stopped_waiting_is_a_timeout_and_no_entry()
    {
        var time = Clock();
        var verifier = new SlowVerifier();
        await using var simulated = Asking("SIM000000408", "ISAPI", time, timeoutS: 1);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = verifier.VerifyAsync, time);
        site.AddPerson("25");
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        var answer = simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None);
        await verifier.WhenAskedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        (await IsapiSite.WithinAsync(answer, "the end of the device's patience")).ShouldBe("timeout");
        verifier.Finish();

        await site.WhenStoredAsync(2);
        var rows = await site.StoredAsync();
        rows.ShouldNotContain(row => row.Outcome == DeviceEventOutcome.Granted);
        rows.ShouldContain(row => row.Outcome == DeviceEventOutcome.TimedOut && row.Reason.Contains("the door stayed closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decision_that_the_device_does_not_take_has_a_timeout_beside_it_in_the_record()
    {
        // A device whose time runs faster: it has stopped waiting while the server is well within its own.
        var (ours, theirs) = (Clock(), Clock());
        var verifier = new SlowVerifier();
        await using var simulated = Asking("SIM000000409", "ISAPI", theirs);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = verifier.VerifyAsync, ours);
        site.AddPerson("25");
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        var answer = simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None);
        await verifier.WhenAskedAsync();
        theirs.Advance(TimeSpan.FromSeconds(10));
        (await IsapiSite.WithinAsync(answer, "the end of the device's patience")).ShouldBe("timeout");
        verifier.Finish();

        await site.WhenStoredAsync(3);
        var decisions = (await site.StoredAsync()).FindAll(row => row.Code.StartsWith("remote-check", StringComparison.Ordinal));
        decisions.Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.TimedOut]);
        decisions[1].Reason.ShouldContain("did not take the decision");
        simulated.UselessAnswerCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("ISAPI", "sync", AnswerWay.Request)]
    [InlineData("ISAPIListen", "sync", AnswerWay.Reply)]
    [InlineData("ISAPIListen", "async", AnswerWay.Request)]
    [InlineData("PrivateSDK", "sync", AnswerWay.Elsewhere)]
    public void The_way_of_the_answer_is_what_the_device_says(string channel, string mode, object way)
    {
        var settings = RemoteCheckSettings.TryRead(IsapiBody.TryRead(Encoding.UTF8.GetBytes(
            $$$"""{"AcsCfg":{"remoteCheckDoorEnabled":"true","checkChannelType":"{{{channel}}}","remoteCheckTimeout":"3","remoteCheckWithISAPIListen":"{{{mode}}}"}}"""), out _));

        settings.ShouldBe(new RemoteCheckSettings(true, (AnswerWay)way, TimeSpan.FromSeconds(3)));
    }

    private static byte[] Question(FakeTimeProvider time, long serial, string number, bool isCurrent = true) => IsapiPushClient.BodyOf(
        new SimulatedEvent(serial, serial - 1, 5, 75, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss+00:00", System.Globalization.CultureInfo.InvariantCulture))
        {
            PersonNumber = number,
            Name = "Person",
            Reader = 1,
            Picture = Jpeg,
            IsQuestion = true,
        }, isCurrent).Body;

    private static string Decision(ReadOnlySpan<byte> body) => IsapiBody.TryRead(body, out _)?["RemoteCheck"]?.TextOf("checkResult") ?? "";

    private static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));

    private static IsapiDevice Asking(string serial, string channel, TimeProvider time, Uri? pushTo = null, double timeoutS = 10)
    {
        var device = new IsapiDevice(new IsapiDevicePlan(serial) { PushTo = pushTo }, time);
        device.Settings.SetRemoteCheck(true, channel, timeoutS);
        device.Start();
        return device;
    }

    /// <summary>Takes as long as the test wants, whoever has given up meanwhile.</summary>
    private sealed class SlowVerifier
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WhenAskedAsync() => IsapiSite.WithinAsync(_asked.Task, "the verification");

        public void Finish() => _finished.SetResult();

        public async Task<FaceVerification> VerifyAsync(string number, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            await _finished.Task;
            return new FaceVerification(0.9, null, "");
        }
    }
}
