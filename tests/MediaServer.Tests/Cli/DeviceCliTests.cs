using System.Text.Json;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Tests.Cli;

public sealed class DeviceCliTests(DeviceServer shared) : IClassFixture<DeviceServer>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediascore-device-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_order_that_cannot_be_is_refused_with_everything_that_is_wrong_with_it()
    {
        var (_, error, exit) = await RunAsync(
            "device", "simulate", "--protocol", "telepathy", "--count", "501", "--rate", "50", "--misbehave", "resends,sulks", "--seconds", "0", "--server", "http://203.0.113.7:5081", "--certificate", "nowhere.pem");

        exit.ShouldBe((int)ExitCode.BadInput);
        foreach (var words in new[] { "telepathy", "grpc", "501 devices", "50 frames", "sulks", "reconnect-storms", "--seconds 0", "--i-own-this-server", "over TLS", "nowhere.pem" })
            error.ShouldContain(words);
    }

    [Fact]
    public async Task Two_devices_do_not_post_to_the_path_of_one()
    {
        var (_, error, exit) = await RunAsync("device", "simulate", "--protocol", "isapi", "--count", "2", "--server", "http://127.0.0.1:1/devices/isapi/abcdefghijkmnpqrstuvwxyz23456789");

        exit.ShouldBe((int)ExitCode.BadInput);
        error.ShouldContain("the path of one");
    }

    [Fact]
    public async Task Faces_are_asked_for_and_looked_at_before_a_device_connects()
    {
        var (_, missing, missingExit) = await RunAsync("device", "simulate");
        var (_, empty, emptyExit) = await RunAsync("device", "simulate", "--faces", _folder.FullName);

        missingExit.ShouldBe((int)ExitCode.BadInput);
        missing.ShouldContain("--faces is missing");
        emptyExit.ShouldBe((int)ExitCode.BadInput);
        empty.ShouldContain("no pictures");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_so()
    {
        WriteFace();

        var (json, _, exit) = await RunAsync("device", "simulate", "--faces", _folder.FullName, "--server", "http://127.0.0.1:1", "--seconds", "0.5", "--json");
        var (_, error, listExit) = await RunAsync("device", "list", "--server", "http://127.0.0.1:1", "--data", shared.Server.DataFolder);

        exit.ShouldBe((int)ExitCode.ServerRefused);
        Lines(json)[^1].GetProperty("error").GetString()!.ShouldContain("cannot be reached");
        listExit.ShouldBe((int)ExitCode.ServerRefused);
        error.ShouldContain("No server answers");
    }

    [Fact]
    public async Task Simulated_devices_that_nobody_called_say_who_has_to()
    {
        var (_, error, exit) = await RunAsync("device", "simulate", "--protocol", "isapi", "--seconds", "0.5");

        exit.ShouldBe((int)ExitCode.ServerRefused);
        error.ShouldContain("Nobody called the devices");
    }

    [Fact]
    public async Task Simulated_devices_come_are_listed_and_approved_and_their_run_ends_with_totals()
    {
        WriteFace();
        string[] simulate =
        [
            "device", "simulate", "--faces", _folder.FullName, "--server", shared.Server.Host.Addresses.Grpc, "--count", "3", "--rate", "10", "--serial", "CLI", "--seconds", "4", "--json",
        ];

        var (first, firstError, firstExit) = await RunAsync(simulate);
        var (waiting, _, _) = await ConsoleAsync("list", "--json");
        var (approved, _, approvedExit) = await ConsoleAsync("approve", "CLI-0001", "--pending", "--json");
        var (refused, _, _) = await ConsoleAsync("refuse", "CLI-0003", "--json");
        var (table, _, _) = await ConsoleAsync("list");
        var (second, _, secondExit) = await RunAsync(simulate);

        firstExit.ShouldBe(0, firstError);
        var totals = Lines(first)[^1];
        totals.GetProperty("event").GetString().ShouldBe("totals");
        totals.GetProperty("devices").GetInt32().ShouldBe(3);
        totals.GetProperty("sent").GetInt64().ShouldBeGreaterThan(3);
        totals.GetProperty("answered").GetInt64().ShouldBeGreaterThan(0);
        Lines(first)[0].GetProperty("event").GetString().ShouldBe("started");
        Lines(waiting).Where(IsOurs).Select(line => line.GetProperty("state").GetString()).ShouldBe(["pending", "pending", "pending"]);
        approvedExit.ShouldBe(0);
        Lines(approved).Count(IsOurs).ShouldBe(3, "one that is named twice is approved once");
        Lines(refused).Single().GetProperty("state").GetString().ShouldBe("refused");
        table.ShouldContain("CLI-0002");
        table.ShouldContain("refused");
        secondExit.ShouldBe(0);
        Lines(second)[^1].GetProperty("refused").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Events_are_listed_and_written_as_a_table_that_its_owner_alone_may_read()
    {
        await shared.Server.Host.Devices.Journal.AppendAsync(
            [new DeviceEventRow { Tenant = "default", DeviceId = "d", DeduplicationKey = "cli", Kind = DeviceEventKind.Attendance, PersonNumber = "4711", OccurredAt = DateTimeOffset.UnixEpoch.AddYears(50) }],
            TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder.FullName, "events.csv");

        var (json, _, _) = await ConsoleAsync("events", "--person", "4711", "--json");
        var (text, _, _) = await ConsoleAsync("events", "--person", "4711");
        var (_, _, exit) = await ConsoleAsync("events", "--kind", "attendance", "--csv", file);
        var (_, wrong, wrongExit) = await ConsoleAsync("events", "--kind", "party");

        Lines(json).Single().GetProperty("kind").GetString().ShouldBe("attendance");
        text.ShouldContain("4711");
        exit.ShouldBe(0);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldContain("4711");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        wrongExit.ShouldBe((int)ExitCode.BadInput);
        wrong.ShouldContain("kind must be one of");
    }

    [Fact]
    public async Task A_table_replaces_one_that_is_there_when_it_is_whole_and_a_refused_one_leaves_it_alone()
    {
        var file = Path.Combine(_folder.FullName, "kept.csv");
        await File.WriteAllTextAsync(file, "last month", TestContext.Current.CancellationToken);

        var (_, _, refused) = await ConsoleAsync("events", "--kind", "party", "--csv", file);
        var after = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var (_, _, done) = await ConsoleAsync("events", "--csv", file);

        refused.ShouldBe((int)ExitCode.BadInput);
        after.ShouldBe("last month");
        done.ShouldBe(0);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldStartWith("id,time,");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, "also where others could read the one before");
        _folder.GetFiles("*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_of_a_device_are_found_by_its_serial_and_shown_in_the_zone_that_is_asked_for()
    {
        var device = await PendingAsync("default", DeviceProtocol.ZkAttendance, "EVT-1");
        await shared.Server.Host.Devices.Journal.AppendAsync(
            [new DeviceEventRow { Tenant = "default", DeviceId = device, DeduplicationKey = "zone", Kind = DeviceEventKind.Attendance, PersonNumber = "4712", OccurredAt = new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero) }],
            TestContext.Current.CancellationToken);

        var (json, _, _) = await ConsoleAsync("events", "--device", "EVT-1", "--json");
        var (table, _, _) = await ConsoleAsync("events", "--device", "EVT-1", "--from", "2026-03-02", "--zone", "Asia/Shanghai");
        var (none, _, noneExit) = await ConsoleAsync("events", "--device", "EVT-1", "--from", "2026-03-03");
        var (_, unknown, unknownExit) = await ConsoleAsync("events", "--device", "EVT-2");

        Lines(json).Single().GetProperty("personNumber").GetString().ShouldBe("4712");
        table.ShouldContain("2026-03-02");
        (noneExit, none.Trim()).ShouldBe((0, "No event fits."));
        unknownExit.ShouldBe((int)ExitCode.BadInput);
        unknown.ShouldContain("EVT-2");
    }

    [Fact]
    public async Task Two_devices_that_say_the_same_serial_are_not_approved_by_it()
    {
        var reader = await PendingAsync("default", DeviceProtocol.Mqtt, "TWIN-1");
        var terminal = await PendingAsync("default", DeviceProtocol.ZkAttendance, "TWIN-1");

        var (_, error, exit) = await ConsoleAsync("approve", "TWIN-1");
        var (states, byId) = (StatesOf(reader, terminal), await ConsoleAsync("approve", terminal));

        exit.ShouldBe((int)ExitCode.BadInput);
        error.ShouldContain(reader);
        error.ShouldContain(terminal);
        states.ShouldBe([DeviceState.Pending, DeviceState.Pending]);
        byId.Exit.ShouldBe(0);
        StatesOf(reader, terminal).ShouldBe([DeviceState.Pending, DeviceState.Approved]);
    }

    [Fact]
    public async Task All_that_wait_are_those_of_one_tenant_and_more_than_may_ask_at_once()
    {
        // More requests than the server takes at once from one address.
        var many = new List<string>();
        for (var i = 0; i < 70; i++)
            many.Add(await PendingAsync("many", DeviceProtocol.Mqtt, $"MANY-{i}"));
        var elsewhere = await PendingAsync("elsewhere", DeviceProtocol.Mqtt, "ELSE-1");

        var (own, _, ownExit) = await ConsoleAsync("approve", "--pending", "--json");
        var untouched = StatesOf([.. many, elsewhere]);
        var (_, error, exit) = await ConsoleAsync("approve", "--pending", "--tenant", "many");

        ownExit.ShouldBe(0);
        Lines(own).ShouldAllBe(line => line.GetProperty("tenant").GetString() == "default");
        untouched.ShouldAllBe(state => state == DeviceState.Pending);
        exit.ShouldBe(0, error);
        StatesOf([.. many]).ShouldAllBe(state => state == DeviceState.Approved);
        StatesOf(elsewhere).ShouldBe([DeviceState.Pending]);
    }

    [Fact]
    public async Task A_device_is_told_what_its_protocol_knows_and_a_call_that_makes_no_sense_is_refused()
    {
        var id = await PendingAsync("default", DeviceProtocol.ZkAttendance, "TELL-1");
        var (_, waits, waitsExit) = await ConsoleAsync("tell", "TELL-1", "zk-info");
        await ConsoleAsync("approve", id);

        var (told, _, toldExit) = await ConsoleAsync("tell", "TELL-1", "zk-query", "--arguments", "{\"what\": \"people\"}", "--json");
        var (_, noJson, noJsonExit) = await ConsoleAsync("tell", "TELL-1", "zk-query", "--arguments", "people");
        var (_, wrong, wrongExit) = await ConsoleAsync("tell", "TELL-1", "isapi-info");

        waitsExit.ShouldBe((int)ExitCode.ServerRefused);
        waits.ShouldContain("not approved");
        toldExit.ShouldBe(0);
        Lines(told).Single().GetProperty("arguments").GetProperty("what").GetString().ShouldBe("people");
        noJsonExit.ShouldBe((int)ExitCode.BadInput);
        noJson.ShouldContain("--arguments is no JSON");
        wrongExit.ShouldBe((int)ExitCode.BadInput);
        wrong.ShouldContain("zk-query");
    }

    [Fact]
    public async Task Who_waits_for_an_answer_that_does_not_come_hears_no_and_who_does_not_wait_is_done()
    {
        var id = await PendingAsync("default", DeviceProtocol.ZkAttendance, "TELL-2");
        await ConsoleAsync("approve", id);

        var (queued, _, queuedExit) = await ConsoleAsync("tell", "TELL-2", "zk-info");
        var (unanswered, _, unansweredExit) = await ConsoleAsync("tell", "TELL-2", "zk-info", "--wait", "1");

        (queuedExit, queued.ShouldNotBeNull().Contains("no answer", StringComparison.Ordinal)).ShouldBe((0, false));
        unansweredExit.ShouldBe((int)ExitCode.No);
        unanswered.ReplaceLineEndings(" ").ShouldContain("no answer within 1 s; it may still be done");
    }

    [Fact]
    public async Task Without_the_token_or_with_anothers_the_command_says_what_to_do()
    {
        var token = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(token, "somebody-elses", TestContext.Current.CancellationToken);

        var (_, none, noneExit) = await RunAsync("device", "list", "--server", shared.Server.Host.Addresses.Http, "--data", _folder.FullName);
        var (_, other, otherExit) = await RunAsync("device", "list", "--server", shared.Server.Host.Addresses.Http, "--token-file", token);
        var (_, which, whichExit) = await ConsoleAsync("approve");

        noneExit.ShouldBe((int)ExitCode.BadInput);
        none.ShouldContain("--token-file");
        otherExit.ShouldBe((int)ExitCode.ServerRefused);
        other.ShouldContain("another server's token");
        whichExit.ShouldBe((int)ExitCode.BadInput);
        which.ShouldContain("--pending");
    }

    private async Task<string> PendingAsync(string tenant, DeviceProtocol protocol, string serial) =>
        (await shared.Server.Host.Devices.Registry.AdmitAsync(new DeviceIntroduction(tenant, protocol, serial, null), TestContext.Current.CancellationToken)).Device!.Id;

    private List<DeviceState> StatesOf(params string[] ids) => [.. ids.Select(id => shared.Server.Host.Devices.Registry.Find(id)!.Row.State)];

    private static bool IsOurs(JsonElement line) => line.GetProperty("serial").GetString()!.StartsWith("CLI-", StringComparison.Ordinal);

    private static List<JsonElement> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static async Task<(string Output, string Error, int Exit)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CliApplication.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        // Faults are wrapped like any text; where they break is no matter here.
        return (output.ToString(), error.ToString().ReplaceLineEndings(" "), exit);
    }

    // What no model will ever see: a JPEG by its first bytes.
    private void WriteFace() => File.WriteAllBytes(Path.Combine(_folder.FullName, "1001.jpg"), [0xFF, 0xD8, 0xFF, 0xD9]);

    private Task<(string Output, string Error, int Exit)> ConsoleAsync(string command, params string[] args) =>
        RunAsync(["device", command, .. args, "--server", shared.Server.Host.Addresses.Http, "--data", shared.Server.DataFolder]);
}
