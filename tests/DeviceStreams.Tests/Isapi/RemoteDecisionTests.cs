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

/// <summary>A device asks who may pass: in time, from the disk, once; and late is closed.</summary>
public sealed class RemoteDecisionTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 2_000).Select(i => (byte)(i * 31)), 0xFF, 0xD9];

    [Theory]
    [InlineData("25", "success", DeviceEventOutcome.Granted)]
    [InlineData("26", "failed", DeviceEventOutcome.Denied)]
    [InlineData("27", "failed", DeviceEventOutcome.NotRecognised)]
    public async Task A_question_of_the_stream_is_answered_by_a_request(string number, string result, DeviceEventOutcome outcome)
    {
        await using var simulated = Asking("SIM000000401", "ISAPI");
        await using var site = await IsapiSite.OpenAsync();
        site.Devices.DecisionDeadlineMs = 10_000;
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
        await using var site = await IsapiSite.OpenAsync();
        site.Devices.DecisionDeadlineMs = 10_000;
        site.AddPerson("25");
        await using var gate = await ListenerHost.StartAsync(site);
        var (device, path) = await site.AddListenerAsync("SIM000000402");
        await using var simulated = Asking("SIM000000402", "ISAPIListen", new Uri(gate.Address, path));

        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None), "the answer")).ShouldBe("success");
        (await IsapiSite.WithinAsync(simulated.AskAsync(new SimulatedFace("28", Jpeg), CancellationToken.None), "the answer")).ShouldBe("failed");

        await site.WhenStoredAsync(5);
        (await site.StoredAsync()).Where(row => row.Code.StartsWith("remote-check", StringComparison.Ordinal)).Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.NotRecognised]);
        site.Service.CountsOf(device).Decided.ShouldBe(2);
    }

    [Fact]
    public async Task A_device_heard_by_both_ways_is_answered_where_it_wants_it_and_once()
    {
        await using var site = await IsapiSite.OpenAsync();
        site.Devices.DecisionDeadlineMs = 10_000;
        site.AddPerson("25");
        await using var gate = await ListenerHost.StartAsync(site);
        site.Options.PublicUrl = gate.Address.ToString();
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000403"), TimeProvider.System);
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
        await using var simulated = Asking("SIM000000404", "ISAPI");
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = (number, _) => Task.FromResult(number switch
        {
            "25" => new FaceVerification(0.8, 0.9, ""),
            "26" => new FaceVerification(0.2, 0.9, ""),
            "27" => new FaceVerification(0.8, 0.1, ""),
            _ => new FaceVerification(null, null, "no template"),
        }));
        site.Devices.DecisionDeadlineMs = 10_000;
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
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
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
        await asked.Task;
        time.Advance(TimeSpan.FromMilliseconds(site.Devices.DecisionDeadlineMs + 1));

        Decision((await IsapiSite.WithinAsync(reply, "the reply")).Body.Span).ShouldBe("failed");
        var row = (await site.StoredAsync()).ShouldHaveSingleItem();
        (row.Outcome, row.PersonNumber).ShouldBe((DeviceEventOutcome.TimedOut, "25"));
        row.Reason.ShouldContain("the door stayed closed");
        site.Service.CountsOf(device).Late.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_that_the_disk_does_not_take_in_time_opens_nothing_and_a_second_record_says_so()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        var disk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await IsapiSite.OpenAsync(time: time);
        site.AddPerson("25");
        var (_, path) = await site.AddListenerAsync("SIM000000406");
        await site.PostAsync(path, "application/json", "{}"u8.ToArray());
        site.DiskGate = disk.Task;

        var reply = site.PostAsync(path, "multipart/form-data; boundary=MIME_boundary", Question(time, 7, "25"));
        while (!reply.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Decision((await reply).Body.Span).ShouldBe("failed");
        disk.SetResult();
        await site.WhenStoredAsync(2);
        (await site.StoredAsync()).Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.TimedOut]);
    }

    [Fact]
    public async Task A_question_is_answered_once_and_never_one_of_the_log_or_one_that_is_old()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
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

        (await site.StoredAsync()).Select(row => row.Outcome).ShouldBe([DeviceEventOutcome.Granted, DeviceEventOutcome.NotAssessed, DeviceEventOutcome.NotAssessed]);
    }

    [Fact]
    public async Task An_answer_that_the_device_does_not_take_is_a_timeout_in_the_record_too()
    {
        await using var simulated = Asking("SIM000000408", "ISAPI", timeoutS: 1);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Faces = async (_, _) =>
        {
            await slow.Task;
            return new FaceVerification(0.9, null, "");
        });
        site.AddPerson("25");
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        var answer = simulated.AskAsync(new SimulatedFace("25", Jpeg), CancellationToken.None);
        (await IsapiSite.WithinAsync(answer, "the end of the device's patience")).ShouldBe("timeout");
        slow.SetResult();

        await site.WhenStoredAsync(2);
        (await site.StoredAsync()).ShouldNotContain(row => row.Outcome == DeviceEventOutcome.Granted);
        (await site.StoredAsync()).ShouldContain(row => row.Outcome == DeviceEventOutcome.TimedOut);
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

    private static IsapiDevice Asking(string serial, string channel, Uri? pushTo = null, double timeoutS = 10)
    {
        var device = new IsapiDevice(new IsapiDevicePlan(serial) { PushTo = pushTo }, TimeProvider.System);
        device.Settings.SetRemoteCheck(true, channel, timeoutS);
        device.Start();
        return device;
    }
}
