using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>What terminals are told to do, and how that went.</summary>
public sealed class TerminalCommandTests : IAsyncLifetime
{
    private const int Dark = 4;
    private const int Left = 5;
    private const int Front = 6;
    private const int Right = 7;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly float[] Face = Directions.Any(11);

    private TerminalBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await TerminalBench.OpenAsync(new DeviceOptions { TimeZone = "Asia/Shanghai" });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Every_command_is_told_at_once_as_the_wire_has_it()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1", row => (row.AcceptSimilarity, row.TimeZone) = (0.75, "Europe/Berlin"));

        var enrol = await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1001", "Ada", 30));
        var delete = await TellAsync(call, device, CommandKinds.Delete, new DeleteArguments("1001"));
        var time = await TellAsync(call, device, CommandKinds.TimeSync, new object());
        var settings = await TellAsync(call, device, CommandKinds.Settings, new object());
        var logs = await TellAsync(call, device, CommandKinds.FetchLogs, new FetchLogsArguments(FromRecordId: 42));
        var allLogs = await TellAsync(call, device, CommandKinds.FetchLogs, new FetchLogsArguments());
        var open = await TellAsync(call, device, CommandKinds.OpenDoor, new OpenDoorArguments(7));

        (enrol.Enrol.PersonNumber, enrol.Enrol.DisplayName, enrol.Enrol.Seconds).ShouldBe(("1001", "Ada", 30U));
        delete.Delete.PersonNumber.ShouldBe("1001");
        (time.TimeSync.Clock.ToDateTimeOffset(), time.TimeSync.TimeZone).ShouldBe((_bench.Site.Time.GetUtcNow(), "Europe/Berlin"));
        settings.SetSettings.AcceptSimilarity.ShouldBe(0.75f);
        (logs.FetchLogs.FromRecordId, allLogs.FetchLogs.FromRecordId).ShouldBe((42UL, 1UL));
        open.OpenDoor.Seconds.ShouldBe(7U);
        new[] { enrol, delete, time, settings, logs, allLogs, open }.Select(command => command.CommandId).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_device_without_a_zone_of_its_own_is_told_the_server_s()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");

        (await TellAsync(call, device, CommandKinds.TimeSync, new object())).TimeSync.TimeZone.ShouldBe("Asia/Shanghai");
    }

    [Theory]
    [InlineData(true, 0, "done", DeviceCommandState.Succeeded, "0 done")]
    [InlineData(false, -2, "no such person", DeviceCommandState.Failed, "-2 no such person")]
    public async Task What_the_terminal_answers_is_written_down(bool succeeded, int code, string message, DeviceCommandState state, string result)
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        var command = await TellAsync(call, device, CommandKinds.Delete, new DeleteArguments("1001"));

        call.SendResult(command.CommandId, succeeded, code, message);
        // A second answer changes nothing.
        call.SendResult(command.CommandId, !succeeded, 99, "again");
        await call.BeatAsync();

        var stored = (await _bench.Site.Commands.ListAsync(device.Id, 10)).ShouldHaveSingleItem();
        (stored.State, stored.Result, stored.SentCount).ShouldBe((state, result, 1));
    }

    [Fact]
    public async Task An_answer_to_a_command_of_another_terminal_changes_nothing()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        var (other, _) = await _bench.ConnectApprovedAsync("T-2");
        var command = await TellAsync(call, device, CommandKinds.OpenDoor, new OpenDoorArguments());

        other.SendResult(command.CommandId, true, 0, "mine");
        other.SendResult(ulong.MaxValue, true, 0, "no such number");
        await other.BeatAsync();

        (await _bench.Site.Commands.ListAsync(device.Id, 10)).ShouldHaveSingleItem().State.ShouldBe(DeviceCommandState.Sent);
    }

    [Fact]
    public async Task What_was_queued_while_a_terminal_was_away_is_told_when_it_comes_unless_it_is_too_late()
    {
        var device = await _bench.Site.ApproveAsync("T-1");
        await _bench.Site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(), TimeSpan.FromSeconds(30));
        await _bench.Site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new object(), Hour);
        _bench.Site.Time.Advance(TimeSpan.FromMinutes(5));

        var call = _bench.Connect("T-1");
        await call.BeatAsync();
        // The first look of a new stream; the clock stands still while the database answers.
        _bench.Site.Time.Advance(TimeSpan.FromMilliseconds(250));

        (await call.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command.TimeSync.ShouldNotBeNull("a door does not open for somebody who left");
        (await _bench.Site.Commands.ListAsync(device.Id, 10)).Select(row => row.State).ShouldBe([DeviceCommandState.Sent, DeviceCommandState.Expired]);
    }

    [Fact]
    public async Task A_door_is_opened_before_all_else_that_waits_for_the_terminal()
    {
        var device = await _bench.Site.ApproveAsync("T-1");
        for (var i = 0; i < 40; i++)
            await _bench.Site.Commands.AddAsync(device.Id, i % 2 == 0 ? CommandKinds.FetchLogs : CommandKinds.TimeSync, new FetchLogsArguments(), Hour);
        await _bench.Site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(7), TimeSpan.FromSeconds(30));

        var call = _bench.Connect("T-1");
        await call.BeatAsync();
        _bench.Site.Time.Advance(TimeSpan.FromMilliseconds(250));

        (await call.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command.OpenDoor.ShouldNotBeNull().Seconds.ShouldBe(7U);
        (await call.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command.FetchLogs.ShouldNotBeNull("then the oldest");
    }

    [Fact]
    public async Task A_command_that_was_never_answered_is_told_again_with_the_same_number()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        var command = await TellAsync(call, device, CommandKinds.Delete, new DeleteArguments("1001"));

        // A minute and a second in all, in halves, so that nobody is let go for its silence. Whenever the looks for such commands come to their turn, the last one finds it.
        _bench.Site.Time.Advance(TimeSpan.FromSeconds(30.5));
        await call.BeatAsync();
        _bench.Site.Time.Advance(TimeSpan.FromSeconds(30.5));

        (await call.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command.CommandId.ShouldBe(command.CommandId);
    }

    [Fact]
    public async Task A_terminal_that_nobody_approved_is_told_nothing()
    {
        var call = _bench.Connect("T-1");
        await call.BeatAsync();
        await _bench.Site.Commands.AddAsync(_bench.Find("T-1").Id, CommandKinds.Delete, new DeleteArguments("1001"), Hour);

        await call.BeatAsync();

        call.HasNews.ShouldBeFalse();
        (await _bench.Site.Commands.ListAsync(_bench.Find("T-1").Id, 10)).ShouldHaveSingleItem().State.ShouldBe(DeviceCommandState.Queued);
    }

    [Fact]
    public async Task A_command_that_this_protocol_does_not_know_ends_as_failed_and_is_not_told()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");

        await _bench.Site.Commands.AddAsync(device.Id, "zk-check", new object(), Hour);
        (await TellAsync(call, device, CommandKinds.TimeSync, new object())).TimeSync.ShouldNotBeNull();

        var rows = await _bench.Site.Commands.ListAsync(device.Id, 10);
        rows.Single(row => row.Kind == "zk-check").State.ShouldBe(DeviceCommandState.Failed);
        rows.Single(row => row.Kind == "zk-check").Result.ShouldContain("zk-check");
    }

    [Fact]
    public async Task While_somebody_is_enrolled_frames_become_templates_and_decide_nothing()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        await _bench.Site.Site.AddAsync("1001");
        foreach (var (shade, seed) in new[] { (Left, 21), (Front, 22), (Right, 23) })
            _bench.Site.Site.Faces.Show(shade, Directions.Near(Face, 0.9, seed));
        _bench.Site.Site.Faces.Show(Dark, Face, worth: 0.2);
        _bench.Site.Camera.Show(Front, Face);
        await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1001", "Ada", 20));

        var results = new List<FrameResult>();
        foreach (var shade in new[] { Dark, Left, Front, Right })
        {
            call.SendFrame((ulong)shade, shade);
            results.Add((await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult);
        }

        results.Select(result => result.Verdict).ShouldBe([FrameVerdict.Poor, FrameVerdict.Used, FrameVerdict.Used, FrameVerdict.Used]);
        results[0].Reason.ShouldContain("too dark");
        var person = (await _bench.Site.Site.Store.FindAsync(Site.Tenant, "1001"))!;
        (await _bench.Site.Site.Store.TemplatesOfAsync(person.Id)).Select(template => template.Source).ShouldBe(Enumerable.Repeat($"device:{device.Id}", 3));
        _bench.Site.Camera.DetectedCount.ShouldBe(0);
        // Three are enough: the next one asks for the door.
        call.SendFrame(100, Front);
        (await call.UntilAsync(ServerMessage.MessageOneofCase.Decision)).Decision.PersonNumber.ShouldBe("1001");
    }

    [Fact]
    public async Task Whose_enrolment_begins_while_another_s_last_picture_is_looked_at_is_enrolled_too()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        var faces = _bench.Site.Site.Faces;
        foreach (var number in new[] { "1001", "1002" })
            await _bench.Site.Site.AddAsync(number);
        foreach (var (shade, seed) in new[] { (Left, 21), (Front, 22), (Right, 23) })
            faces.Show(shade, Directions.Near(Face, 0.9, seed));
        faces.Show(Dark, Directions.Any(12));
        await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1001"));
        foreach (var shade in new[] { Left, Front })
        {
            call.SendFrame((ulong)shade, shade);
            await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult);
        }

        var (looking, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        faces.BeforeEmbedding = () =>
        {
            looking.TrySetResult();
            return goOn.Task;
        };
        call.SendFrame(Right, Right);
        await looking.Task;
        await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1002"));
        goOn.SetResult();
        await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult);
        call.SendFrame(100, Dark);
        await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult);

        (await _bench.Site.Site.Directory.ListAsync(Site.Tenant)).Select(person => person.TemplateCount).ShouldBe([3, 1]);
    }

    [Fact]
    public async Task Nobody_is_enrolled_at_a_terminal_without_consent()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        await _bench.Site.Site.AddAsync("1001", consents: false);
        _bench.Site.Site.Faces.Show(Front, Face);
        await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1001"));

        call.SendFrame(1, Front);
        var result = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;

        result.Verdict.ShouldBe(FrameVerdict.Poor);
        result.Reason.ShouldContain("consent");
        _bench.Site.Site.Faces.EmbeddedCount.ShouldBe(0);
    }

    [Fact]
    public async Task An_enrolment_ends_with_its_time()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1");
        await _bench.Site.Site.AddAsync("1001");
        _bench.Site.Site.Faces.Show(Front, Face);
        await TellAsync(call, device, CommandKinds.Enrol, new EnrolArguments("1001", Seconds: 20));
        _bench.Site.Time.Advance(TimeSpan.FromSeconds(21));

        call.SendFrame(1, Front);
        await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult);

        _bench.Site.Camera.DetectedCount.ShouldBe(1, "the frame asked for the door again");
        _bench.Site.Site.Faces.EmbeddedCount.ShouldBe(0);
    }

    private async Task<Command> TellAsync(TerminalCall call, Device device, string kind, object arguments)
    {
        await _bench.Site.Commands.AddAsync(device.Id, kind, arguments, Hour);
        return (await call.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command;
    }
}
