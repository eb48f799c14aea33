using Google.Protobuf;
using Grpc.Core;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>Frames, heartbeats and ends of a terminal's stream.</summary>
public sealed class TerminalStreamTests : IAsyncLifetime
{
    private const int Ada = 1;
    private const int Stranger = 3;

    private TerminalBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await TerminalBench.OpenAsync();
        await _bench.Site.EnrolAsync("1001", Ada, Directions.Any(1), live: 0.97);
        _bench.Site.Camera.Show(Stranger, Directions.Any(3));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Every_frame_is_answered_and_a_pass_brings_one_decision()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1", row => row.OpenSeconds = 5);
        for (ulong id = 1; id <= 6; id++)
        {
            call.SendFrame(id, Ada);
            // One after another: what comes faster than it is looked at is another test.
            (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult.FrameId.ShouldBe(id);
            if (id == 1)
                ShouldBeAda((await call.NextAsync()).Decision);
        }

        await call.BeatAsync();
        call.HasNews.ShouldBeFalse();
        (await _bench.Site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.Granted);
    }

    [Fact]
    public async Task Whoever_steps_in_before_somebody_was_decided_is_told_apart_from_them()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        call.SendFrame(1, Stranger);
        await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult);

        call.SendFrame(2, Ada);
        var first = (await call.UntilAsync(ServerMessage.MessageOneofCase.Decision)).Decision;
        var second = (await call.UntilAsync(ServerMessage.MessageOneofCase.Decision)).Decision;

        (first.PassId, first.Outcome, first.OpenSeconds).ShouldBe((1UL, Outcome.NotRecognised, 0U));
        (second.PassId, second.Outcome, second.PersonNumber).ShouldBe((2UL, Outcome.Granted, "1001"));
    }

    [Fact]
    public async Task A_frame_s_answer_says_what_was_seen()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Camera.Show(5, Directions.Any(5), worth: 0.2, fault: "too dark");

        call.SendFrame(1, 5);
        var result = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;

        (result.Verdict, result.Reason, result.FaceCount, result.PassId).ShouldBe((FrameVerdict.Poor, "too dark", 1U, 1UL));
        result.Quality.ShouldBe(0.2f, 0.001);
        (result.Box.Left, result.Box.Top, result.Box.Width, result.Box.Height).ShouldBe((0.25f, 0.25f, 0.5f, 0.5f));
    }

    [Fact]
    public async Task Frames_that_come_faster_than_they_are_looked_at_are_answered_busy_the_oldest_first()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        var looking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Site.Camera.Detecting = () =>
        {
            looking.TrySetResult();
            return goOn.Task;
        };
        call.SendFrame(1, Ada);
        await looking.Task;

        for (ulong id = 2; id <= 5; id++)
            call.SendFrame(id, Ada);
        var answered = new List<(ulong Id, FrameVerdict Verdict)>();
        for (var i = 0; i < 3; i++)
            answered.Add(await ResultAsync(call));
        goOn.SetResult();
        for (var i = 0; i < 2; i++)
            answered.Add(await ResultAsync(call));

        answered.ShouldBe([(2UL, FrameVerdict.Busy), (3UL, FrameVerdict.Busy), (4UL, FrameVerdict.Busy), (1UL, FrameVerdict.Used), (5UL, FrameVerdict.Used)]);
    }

    [Fact]
    public async Task A_person_who_waited_longer_than_the_frame_says_meets_a_closed_door()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Camera.Examining = () => _bench.Site.Time.Advance(TimeSpan.FromMilliseconds(60));

        call.SendFrame(1, Ada, deadlineMs: 50);
        var decision = (await call.UntilAsync(ServerMessage.MessageOneofCase.Decision)).Decision;

        (decision.Outcome, decision.OpenSeconds, decision.PersonNumber).ShouldBe((Outcome.TimedOut, 0U, ""));
    }

    [Fact]
    public async Task A_terminal_whose_person_went_away_is_told_without_another_frame()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        call.SendFrame(1, Stranger);
        (await ResultAsync(call)).ShouldBe((1UL, FrameVerdict.Used));
        // No picture: once it is answered, the one before it is done with altogether.
        call.Send(new DeviceMessage { Frame = new FaceFrame { FrameId = 2 } });
        (await ResultAsync(call)).ShouldBe((2UL, FrameVerdict.Unreadable));

        // The clock stands still again before anything is decided: however long the disk takes then, nobody is late.
        _bench.Site.Time.Advance(TimeSpan.FromSeconds(1.5));

        var decision = (await call.UntilAsync(ServerMessage.MessageOneofCase.Decision)).Decision;
        (decision.Outcome, decision.FrameId, decision.PersonNumber, decision.DisplayName, decision.OpenSeconds).ShouldBe((Outcome.NotRecognised, 0UL, "", "", 0U));
    }

    [Fact]
    public async Task What_is_no_picture_is_said_to_be_none_and_the_next_frame_is_looked_at()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        FaceFrame[] bad =
        [
            new() { FrameId = 1 },
            new() { FrameId = 2, Jpeg = ByteString.CopyFrom(new byte[] { 1, 2, 3 }) },
            new() { FrameId = 3, Jpeg = ByteString.CopyFrom(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 }) },
            new() { FrameId = 4, Raw = new RawPicture { Width = 8, Height = 8, Format = PixelFormat.Rgb24, Pixels = ByteString.CopyFrom(new byte[100]) } },
            new() { FrameId = 5, Raw = new RawPicture { Width = 4_097, Height = 1, Format = PixelFormat.Gray8, Pixels = ByteString.CopyFrom(new byte[4_097]) } },
            new() { FrameId = 6, Raw = new RawPicture { Width = 3, Height = 2, Format = PixelFormat.Nv12, Pixels = ByteString.CopyFrom(new byte[9]) } },
            new() { FrameId = 7, Raw = new RawPicture { Width = 2, Height = 2, Pixels = ByteString.CopyFrom(new byte[12]) } },
        ];

        foreach (var frame in bad)
        {
            call.Send(new DeviceMessage { Frame = frame });
            var result = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;
            (result.FrameId, result.Verdict).ShouldBe((frame.FrameId, FrameVerdict.Unreadable));
            result.Reason.ShouldNotBeEmpty();
        }

        call.SendFrame(8, Ada);
        (await ResultAsync(call)).ShouldBe((8UL, FrameVerdict.Used));
        _bench.Site.Camera.DetectedCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_model_is_named_and_keeps_no_stream_from_living()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Camera.IsMissing = true;

        call.SendFrame(1, Ada);
        var result = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;

        result.Verdict.ShouldBe(FrameVerdict.Failed);
        result.Reason.ShouldContain("models prepare");
        await call.BeatAsync();
    }

    [Fact]
    public async Task A_heartbeat_is_answered_with_the_time_and_tells_what_waits_in_the_terminal()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");

        var answer = await call.BeatAsync(queued: 17);

        answer.Clock.ToDateTimeOffset().ShouldBe(_bench.Site.Time.GetUtcNow());
        device.QueuedCount.ShouldBe(17);
        _bench.Site.Registry.IsOnline(device).ShouldBeTrue();
    }

    [Fact]
    public async Task A_terminal_that_says_nothing_for_a_minute_is_let_go()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");

        await _bench.Site.PassTimeUntilAsync(call.Ended, TimeSpan.FromSeconds(5));

        var status = await call.StatusAsync();
        status.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        status.Detail.ShouldContain("heartbeats");
        _bench.Site.Time.Advance(TimeSpan.FromMinutes(2));
        _bench.Site.Registry.IsOnline(device).ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_come_here_ends_the_stream_with_the_reason()
    {
        var (first, _) = await _bench.ConnectApprovedAsync("T-1");
        var (second, _) = await _bench.ConnectApprovedAsync("T-2");

        first.Send(TerminalBench.HelloOf("T-1"));
        second.Send(new DeviceMessage());

        (await first.StatusAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await second.StatusAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_stream_and_opens_no_door()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Disk.Fails = true;

        call.SendFrame(1, Ada);

        (await call.StatusAsync()).StatusCode.ShouldBe(StatusCode.Unavailable, "a terminal that comes back does better than one that waits for ever");
        call.HasNews.ShouldBeFalse();
        _bench.Site.Disk.Fails = false;
        (await _bench.Site.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_terminal_that_sends_and_never_reads_is_let_go()
    {
        var call = _bench.Connect("T-1", reads: false);
        for (ulong id = 1; id <= 400; id++)
            call.SendFrame(id, Ada);

        (await call.StatusAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_terminal_that_ends_its_stream_still_hears_what_became_of_its_last_words()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");

        call.Send(new DeviceMessage { Log = new LogRecords { Records = { TerminalLogTests.Record(7) } } });
        call.Complete();

        (await call.UntilAsync(ServerMessage.MessageOneofCase.LogAcknowledgement)).LogAcknowledgement.StoredRecordId.ShouldBe(7UL);
        (await call.StatusAsync()).StatusCode.ShouldBe(StatusCode.OK);
        _bench.Streams.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_setting_is_told_at_once()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");

        await _bench.Site.Registry.ChangeAsync(device.Id, row => (row.AcceptSimilarity, row.Liveness, row.OpenSeconds) = (0.75, LivenessMode.Require, 9));
        var settings = (await call.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome.Settings;

        (settings.AcceptSimilarity, settings.LivenessRequired, settings.DeadlineMs, settings.OpenSeconds).ShouldBe((0.75f, true, 1_000U, 9U));
    }

    private static async Task<(ulong Id, FrameVerdict Verdict)> ResultAsync(TerminalCall call)
    {
        var result = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;
        return (result.FrameId, result.Verdict);
    }

    private static void ShouldBeAda(AccessDecision? decision)
    {
        decision.ShouldNotBeNull();
        (decision.Outcome, decision.PersonNumber, decision.DisplayName, decision.OpenSeconds, decision.FrameId, decision.PassId)
            .ShouldBe((Outcome.Granted, "1001", "Name of 1001", 5U, 1UL, 1UL));
        (decision.Liveness, decision.LivenessProbability).ShouldBe((Liveness.Live, 0.97f));
        decision.Similarity.ShouldBe(0.9f, 0.001);
    }
}
