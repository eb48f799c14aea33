using System.Text.Json;
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
            "device", "simulate", "--protocol", "telepathy", "--count", "501", "--rate", "50", "--misbehave", "resends,sulks", "--seconds", "0", "--server", "http://203.0.113.7:5081");

        exit.ShouldBe((int)ExitCode.BadInput);
        foreach (var words in new[] { "telepathy", "grpc", "501 devices", "50 frames", "sulks", "reconnect-storms", "--seconds 0", "--i-own-this-server" })
            error.ShouldContain(words);
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
    public async Task Simulated_devices_come_are_listed_and_approved_and_their_run_ends_with_totals()
    {
        WriteFace();
        string[] simulate =
        [
            "device", "simulate", "--faces", _folder.FullName, "--server", shared.Server.Host.Addresses.Grpc, "--count", "3", "--rate", "10", "--serial", "CLI", "--seconds", "1.5", "--json",
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
