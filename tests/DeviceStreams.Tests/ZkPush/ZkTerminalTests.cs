using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Simulator;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Terminals that repeat every request until the answer is right come to rest with this server, and with no other.</summary>
public sealed class ZkTerminalTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, .. "JFIF"u8, 0, 1];
    private static readonly Uri Server = new("http://terminal.test");

    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task A_terminal_comes_sends_its_log_with_photos_and_rests(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.TimeZone = "Europe/Berlin");
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(dialect) with { Faces = [new SimulatedFace("", Jpeg)], LinesAtOnce = 7 }, host.Time, handler);
        for (var number = 0; number < 50; number++)
            terminal.Punch(number % 2 == 0 ? "4711" : "4712");

        (await terminal.RestAsync(500, CancellationToken.None)).ShouldBeTrue();

        terminal.Faults.ShouldBeEmpty();
        terminal.Counts.Resent.ShouldBe(0);
        var passes = await PassesAsync(host);
        passes.Count.ShouldBe(50);
        passes.Count(happened => happened.PersonNumber == "4711").ShouldBe(25);
        passes.ShouldAllBe(happened => happened.Outcome == DeviceEventOutcome.Granted && happened.Method == "face");
        (await host.EventsAsync()).Count(happened => happened.Picture is not null).ShouldBe(50);
        host.People.People.Select(person => person.Number).Distinct(StringComparer.Ordinal).ShouldBe(["4711", "4712", "4713"]);
    }

    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task The_terminals_clock_is_that_of_its_zone(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.TimeZone = "Asia/Kolkata");
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(dialect), host.Time, handler);

        await terminal.RestAsync(100, CancellationToken.None);
        terminal.Punch("4711");
        await terminal.RestAsync(100, CancellationToken.None);

        terminal.Clock.ShouldBe(new DateTime(2026, 10, 1, 17, 30, 0));
        (await PassesAsync(host)).ShouldHaveSingleItem().OccurredAt.ShouldBe(host.Time.GetUtcNow());
    }

    [Theory]
    [InlineData(ZkDialect.Attendance, 1)]
    [InlineData(ZkDialect.Attendance, 2)]
    [InlineData(ZkDialect.Access, 3)]
    [InlineData(ZkDialect.Access, 4)]
    public async Task Through_cut_bodies_resends_storms_lost_answers_a_full_disk_and_restarts_no_event_is_lost_or_doubled(ZkDialect dialect, int seed)
    {
        await using var host = await ZkHost.StartAsync(host => (host.Options.RequestsPerMinute, host.Options.SetClock) = (60_000, false));
        var random = new Random(seed);
        using var handler = new ServerHandler(host) { IsDown = () => random.Next(20) == 0, LosesAnswer = () => random.Next(8) == 0 };
        using var terminal = new ZkTerminal(
            Plan(dialect) with { Faces = [new SimulatedFace("", Jpeg)], LinesAtOnce = 5, Seed = seed, Misbehaviour = Misbehaviour.Resends | Misbehaviour.CutBodies | Misbehaviour.ReconnectStorms },
            host.Time,
            handler);

        for (var round = 0; round < 10; round++)
        {
            for (var number = 0; number < 20; number++)
                terminal.Punch("4711");
            host.Fails = true;
            for (var turn = 0; turn < 5; turn++)
                await terminal.TurnAsync(CancellationToken.None);
            host.Fails = false;
            for (var turn = 0; turn < 20; turn++)
                await terminal.TurnAsync(CancellationToken.None);
            await host.RestartAsync();
        }

        (await terminal.RestAsync(5_000, CancellationToken.None)).ShouldBeTrue();
        var passes = await PassesAsync(host);
        passes.Count.ShouldBe(200);
        passes.Select(happened => happened.DeviceTime).Distinct(StringComparer.Ordinal).Count().ShouldBe(200);
        terminal.Counts.Resent.ShouldBeGreaterThan(0);
        terminal.Counts.Reconnects.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task A_clock_in_another_year_loses_nothing(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(dialect) with { Misbehaviour = Misbehaviour.WrongClock }, host.Time, handler);
        for (var number = 0; number < 20; number++)
            terminal.Punch("4711");

        (await terminal.RestAsync(100, CancellationToken.None)).ShouldBeTrue();

        var passes = await PassesAsync(host);
        passes.Count.ShouldBe(20);
        passes[0].DeviceTime.ShouldBe("2000-01-01 00:00:00");
    }

    [Fact]
    public async Task A_log_that_is_asked_for_again_changes_nothing()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        using var handler = new ServerHandler(host);
        foreach (var (dialect, serial) in new[] { (ZkDialect.Attendance, ZkHost.Attendance), (ZkDialect.Access, ZkHost.Access) })
        {
            using var terminal = new ZkTerminal(Plan(dialect), host.Time, handler);
            for (var number = 0; number < 1_000; number++)
                terminal.Punch("4711");
            await terminal.RestAsync(200, CancellationToken.None);
            var device = host.Registry.List().Single(known => known.Row.Serial == serial);
            await host.Commands.AddAsync(device.Id, CommandKinds.FetchLogs, new FetchLogsArguments(), TimeSpan.FromHours(1));

            // The command, and what comes of it.
            await terminal.TurnAsync(CancellationToken.None);
            (await terminal.RestAsync(200, CancellationToken.None)).ShouldBeTrue();

            terminal.Faults.ShouldBeEmpty();
            (await host.Commands.ListAsync(device.Id, 1))[0].State.ShouldBe(DeviceCommandState.Succeeded);
        }

        (await PassesAsync(host)).Count.ShouldBe(2_000);
        host.Server.Counts.Duplicates.ShouldBeGreaterThanOrEqualTo(2_000);
    }

    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task A_terminal_does_what_it_is_told_and_says_how_it_went(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(dialect) with { Faces = [new SimulatedFace("", Jpeg)] }, host.Time, handler);
        await terminal.RestAsync(100, CancellationToken.None);
        var device = host.Registry.List().ShouldHaveSingleItem();
        host.People.Consents["4720"] = true;
        async Task AddAsync(string kind, object arguments) => await host.Commands.AddAsync(device.Id, kind, arguments, TimeSpan.FromHours(1));
        await AddAsync(ZkCommandKinds.User, new ZkUserArguments("4720", "Ada"));
        await AddAsync(CommandKinds.Enrol, new EnrolArguments("4720"));
        await AddAsync(CommandKinds.OpenDoor, new OpenDoorArguments(5));
        await AddAsync(ZkCommandKinds.Query, new ZkQueryArguments("people"));
        await AddAsync(ZkCommandKinds.Info, new object());
        await AddAsync(CommandKinds.Delete, new DeleteArguments("4713"));
        await AddAsync(ZkCommandKinds.Reboot, new object());

        // As many polls as the longest command has steps.
        for (var poll = 0; poll < 6; poll++)
        {
            await terminal.TurnAsync(CancellationToken.None);
            (await terminal.RestAsync(200, CancellationToken.None)).ShouldBeTrue();
        }

        terminal.Faults.ShouldBeEmpty();
        (await host.Commands.ListAsync(device.Id, 100)).ShouldAllBe(command => command.State == DeviceCommandState.Succeeded);
        terminal.People.Keys.ShouldBe(["4711", "4712", "4720"], ignoreOrder: true);
        terminal.People["4720"].ShouldBe("Ada");
        terminal.Faces.ShouldBe(["4720"]);
        terminal.DoorsOpened.ShouldBe(1);
        host.People.Faces.ShouldHaveSingleItem().Number.ShouldBe("4720");
        device.Row.Model.ShouldBe("Simulated terminal");
        device.Row.Firmware.ShouldBe("SIM-NF-Ver1.0.0");
    }

    [Fact]
    public async Task Another_answer_than_the_protocols_keeps_a_terminal_busy_for_ever()
    {
        foreach (var (dialect, path, wrong) in new[]
        {
            (ZkDialect.Attendance, "/iclock/cdata", "OK"),
            (ZkDialect.Access, "/iclock/registry", "OK"),
            (ZkDialect.Access, "/iclock/cdata", "registry=ok\nRegistryCode=1\n"),
            (ZkDialect.Access, "/iclock/push", "OK"),
        })
        {
            await using var host = await ZkHost.StartAsync();
            using var handler = new ServerHandler(host) { Change = (called, reply) => called == path ? reply with { Body = System.Text.Encoding.ASCII.GetBytes(wrong) } : reply };
            using var terminal = new ZkTerminal(Plan(dialect), host.Time, handler);

            (await terminal.RestAsync(100, CancellationToken.None)).ShouldBeFalse($"{dialect} {path}");
            terminal.Faults.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_terminal_that_nobody_approved_keeps_its_log_until_somebody_does()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.ApproveNewcomers = false);
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(ZkDialect.Access), host.Time, handler);
        terminal.Punch("4711");

        (await terminal.RestAsync(20, CancellationToken.None)).ShouldBeFalse();
        terminal.Counts.Refused.ShouldBe(20);
        await host.Registry.ChangeAsync(host.Registry.List()[0].Id, row => row.State = DeviceState.Approved);
        (await terminal.RestAsync(100, CancellationToken.None)).ShouldBeTrue();

        (await PassesAsync(host)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task It_lives_by_the_clock_until_it_is_told_to_stop(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stored = 0;
        host.Journal.Stored += events =>
        {
            if (Interlocked.Add(ref stored, events.Count) >= 5)
                enough.TrySetResult();
        };
        using var handler = new ServerHandler(host);
        using var terminal = new ZkTerminal(Plan(dialect) with { EventsPerSecond = 200, LongestWait = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, handler);
        using var stop = new CancellationTokenSource();

        var life = terminal.RunAsync(stop.Token);
        await enough.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await life;

        terminal.Counts.Answered.ShouldBeGreaterThan(0);
    }

    private static ZkTerminalPlan Plan(ZkDialect dialect) => new(Server, dialect == ZkDialect.Access ? ZkHost.Access : ZkHost.Attendance, dialect) { EventsPerSecond = 0 };

    /// <summary>Events of people, in the order of storing.</summary>
    private static async Task<List<DeviceEventRow>> PassesAsync(ZkHost host) =>
        [.. (await host.EventsAsync()).Where(happened => happened.Kind is DeviceEventKind.Attendance or DeviceEventKind.Access)];
}
