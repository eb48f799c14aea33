using System.Globalization;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class BackFillTests
{
    [Theory]
    [InlineData(30, true)]
    [InlineData(10, true)]
    [InlineData(7, false)]
    public async Task The_log_is_read_page_by_page_from_where_it_is_known(int pageSize, bool hasSerials)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000201") { Replays = false, PageSize = pageSize, HasLogSerials = hasSerials, ZoneText = "+04:00" });
        for (var i = 0; i < 95; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        // The last page is on the disk a moment before it is known that it was the last: who stops between the two reads it again, which the next test is about.
        await site.WhenKnownAsync(device, 95);
        await site.StopAsync();
        for (var i = 0; i < 41; i++)
            simulated.Happen(5, 75, "25");
        await site.StartAsync();

        await site.WhenKnownAsync(device, 136);

        (await NumbersAsync(site)).ShouldBe(Enumerable.Range(1, 136));
        // Where it cannot be asked by serial it is asked by time, an hour more than is missing.
        var counts = site.Service.CountsOf(device);
        (counts.Stored, counts.Duplicates).ShouldBe((41, hasSerials ? 0 : 95));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_stops_before_the_log_is_known_to_its_end_reads_it_again_and_doubles_nothing(bool hasSerials)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000207") { Replays = false, PageSize = 10, HasLogSerials = hasSerials });
        for (var i = 0; i < 95; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);

        await site.WhenStoredAsync(25);
        await site.RestartAsync();
        await site.WhenStoredAsync(60);
        await site.RestartAsync();

        await site.WhenKnownAsync(device, 95);
        (await NumbersAsync(site)).ShouldBe(Enumerable.Range(1, 95));
    }

    [Fact]
    public async Task A_gap_in_the_stream_is_filled_at_once()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000202") { Replays = false });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        simulated.Happen(5, 21, door: 1);
        await site.WhenStoredAsync(1);

        simulated.Stream.GoDeaf();
        for (var i = 0; i < 40; i++)
            simulated.Happen(5, 75, "25");
        await simulated.Stream.PassedAsync();
        simulated.Stream.HearAgain();
        simulated.Happen(5, 22, door: 1);

        await site.WhenStoredAsync(42);
        (await NumbersAsync(site)).ShouldBe(Enumerable.Range(1, 42));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_was_cleared_counts_from_one_again_and_nothing_of_it_is_missing(bool hasSerials)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var simulated = Started(new IsapiDevicePlan("SIM000000203") { Replays = false, HasLogSerials = hasSerials }, time);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated, change: row => row.TimeZone = "UTC");
        await site.WhenAsync(device, IsapiPhase.Streaming);
        for (var i = 0; i < 50; i++)
            simulated.Happen(5, 21, door: 1);
        await site.WhenStoredAsync(50);
        await site.StopAsync();

        simulated.Log.Clear();
        // A second on, so that no event of before shows the same time.
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++)
            simulated.Happen(5, 75, "25");
        await site.StartAsync();
        await site.WhenStoredAsync(70);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        simulated.Happen(5, 22, door: 1);

        await site.WhenStoredAsync(71);
        (await site.StoredAsync()).Count(row => row.PersonNumber == "25").ShouldBe(20);
    }

    [Fact]
    public async Task Events_of_a_clock_that_stood_in_another_year_are_found_by_their_serials()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000204") { Replays = false, Misbehaviour = Misbehaviour.WrongClock });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        simulated.Happen(5, 21, door: 1);
        await site.WhenStoredAsync(1);
        await site.StopAsync();
        for (var i = 0; i < 10; i++)
            simulated.Happen(5, 75, "25");

        await site.StartAsync();

        await site.WhenStoredAsync(11);
        (await site.StoredAsync()).ShouldAllBe(row => row.OccurredAt.Year == 2000);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Of_the_years_in_a_new_devices_log_only_the_last_days_are_taken_and_the_rest_when_somebody_asks(bool replays, bool hasSerials)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2022, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = Started(new IsapiDevicePlan("SIM000000208") { Replays = replays, HasLogSerials = hasSerials }, time);
        var first = time.GetUtcNow();
        Happen(simulated, 40);
        time.Advance(TimeSpan.FromDays(1_400));
        Happen(simulated, 40);
        time.Advance(TimeSpan.FromDays(8));
        // The 81st is a week old when the device is added, less a day.
        Happen(simulated, 2);
        time.Advance(TimeSpan.FromDays(6));
        Happen(simulated, 1);
        await using var site = await IsapiSite.OpenAsync(time: time);
        var device = await site.AddAsync(simulated);
        await site.WhenKnownAsync(device, 83);

        // What comes live comes after all that the stream began with.
        Happen(simulated, 1);
        await site.WhenStoredAsync(4);
        (await NumbersAsync(site)).ShouldBe([81, 82, 83, 84]);
        site.Service.CountsOf(device).Older.ShouldBe(replays ? 80 : 0);

        var command = await site.TellAsync(device, CommandKinds.FetchLogs, new FetchLogsArguments(From: first));
        (command.State, command.Result).ShouldBe((DeviceCommandState.Succeeded, "84 events read, 80 of them new"));
    }

    [Fact]
    public async Task A_device_whose_clock_was_never_set_has_all_that_its_stream_begins_with_stored()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000209") { HasLog = false, Misbehaviour = Misbehaviour.WrongClock });
        Happen(simulated, 3);
        await using var site = await IsapiSite.OpenAsync();
        await site.AddAsync(simulated);

        await site.WhenStoredAsync(3);
        (await site.StoredAsync()).ShouldAllBe(row => row.OccurredAt.Year == 2000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_of_another_year_hides_nothing_and_years_of_log_are_not_read_for_it(bool hasSerials)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = Started(new IsapiDevicePlan("SIM000000210") { Replays = false, HasLogSerials = hasSerials, Misbehaviour = Misbehaviour.WrongClock }, time);
        await using var site = await IsapiSite.OpenAsync(time: time);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        Happen(simulated, 5);
        await site.WhenStoredAsync(5);
        await site.TellAsync(device, CommandKinds.FetchLogs, new FetchLogsArguments());
        await site.StopAsync();

        // Its log is cleared as well: no serial leads to what is in it now.
        simulated.Log.Clear();
        time.Advance(TimeSpan.FromMinutes(10));
        Happen(simulated, 3);
        await site.StartAsync();

        await site.WhenStoredAsync(8);
        foreach (var (from, to) in simulated.Requests.Where(request => request.Path.EndsWith("/AcsEvent", StringComparison.Ordinal) && !request.Text.Contains("beginSerialNo", StringComparison.Ordinal)).Select(SpanOf))
            (to - from).ShouldBeLessThan(TimeSpan.FromDays(10));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_leaves_the_stream_alone()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000205") { Replays = false, HasLog = false });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        simulated.Happen(5, 21, door: 1);
        await site.WhenStoredAsync(1);

        site.Service.StatusOf(device.Id)!.Phase.ShouldBe(IsapiPhase.Streaming);
        var command = await site.TellAsync(device, CommandKinds.FetchLogs, new FetchLogsArguments());
        (command.State, command.Result).ShouldBe((DeviceCommandState.Failed, "its log cannot be read: notSupport, Invalid Operation"));
    }

    [Fact]
    public async Task Logs_are_fetched_again_from_any_time_and_nothing_comes_twice()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000206") { Replays = false });
        for (var i = 0; i < 35; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenStoredAsync(35);

        var command = await site.TellAsync(device, CommandKinds.FetchLogs, new FetchLogsArguments(From: site.Time.GetUtcNow().AddDays(-1)));

        (command.State, command.Result).ShouldBe((DeviceCommandState.Succeeded, "35 events read, 0 of them new"));
    }

    [Fact]
    public async Task Numbers_that_nobody_has_explained_are_counted_once_however_often_the_log_is_read()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000211") { Replays = false, HasLogSerials = false });
        simulated.Happen(5, 60_000);
        simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenKnownAsync(device, 2);

        var command = await site.TellAsync(device, CommandKinds.FetchLogs, new FetchLogsArguments(From: site.Time.GetUtcNow().AddDays(-1)));

        command.Result.ShouldBe("2 events read, 0 of them new");
        site.Service.CountsOf(device).UnknownCodes.ShouldBe(1);
    }

    [Fact]
    public void The_cursor_moves_along_an_unbroken_chain_only()
    {
        using var progress = new LogProgress(IsapiFixture.Device(), null!, TimeProvider.System);
        var at = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

        progress.Note(5, 4, at, wasNew: true).ShouldBeFalse("nothing is known before the log was read");
        progress.Cursor.Serial.ShouldBe(0);
        progress.CatchUp(100, at, isRestarted: false);
        progress.Note(101, null, at, wasNew: true).ShouldBeFalse();
        progress.Note(110, 101, at, wasNew: true).ShouldBeFalse("a device that reports a selection names the one before");
        progress.Cursor.Serial.ShouldBe(110);
        progress.Note(100, 99, at, wasNew: false).ShouldBeFalse("a duplicate is nothing");
        progress.Note(110, 101, at, wasNew: true).ShouldBeFalse("the same number with another time is no new log");
        progress.Note(110, 0, at, wasNew: false).ShouldBeFalse();
        progress.Note(113, 112, at, wasNew: true).ShouldBeTrue("111 and 112 are missing");
        progress.Cursor.Serial.ShouldBe(110);
        progress.Note(114, 113, at, wasNew: true).ShouldBeFalse("that is known already");
        progress.BeginLook();
        progress.CatchUp(114, at, isRestarted: false).ShouldBeFalse();
        progress.Note(117, 0, at, wasNew: true).ShouldBeTrue("zero names nobody: 115 and 116 are missing");
        progress.BeginLook();
        progress.CatchUp(117, at, isRestarted: false).ShouldBeFalse();
        progress.Note(1, 0, at, wasNew: true).ShouldBeTrue("it counts from one again");
        progress.Cursor.Serial.ShouldBe(0);
    }

    [Fact]
    public void What_comes_live_while_the_log_is_read_is_known_with_it_and_what_lies_between_is_looked_for_once_more()
    {
        using var progress = new LogProgress(IsapiFixture.Device(), null!, TimeProvider.System);
        var at = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

        progress.BeginLook();
        progress.Note(8, 7, at, wasNew: true);
        progress.Note(9, 8, at, wasNew: true);
        progress.CatchUp(7, at, isRestarted: false).ShouldBeFalse();
        progress.Cursor.Serial.ShouldBe(9, "7 of the log, 8 and 9 of the stream");

        progress.BeginGap();
        progress.BeginLook();
        progress.Note(20, 19, at, wasNew: true);
        progress.CatchUp(12, at, isRestarted: false).ShouldBeTrue("13 to 19 may have come after the last page");
        progress.Cursor.Serial.ShouldBe(12);
        progress.BeginLook();
        progress.CatchUp(19, at, isRestarted: false).ShouldBeFalse();
        progress.Cursor.Serial.ShouldBe(20);

        progress.BeginGap();
        progress.BeginLook();
        progress.Note(31, 30, at, wasNew: true);
        progress.Note(33, 32, at, wasNew: true);
        progress.CatchUp(31, at, isRestarted: false).ShouldBeTrue("32 is missing");
        progress.BeginLook();
        progress.CatchUp(null, null, isRestarted: false).ShouldBeFalse("it is not in the log either");
        progress.Cursor.Serial.ShouldBe(33);
    }

    [Fact]
    public void Of_a_device_that_is_new_the_first_live_event_is_where_its_log_can_be_asked_from()
    {
        using var progress = new LogProgress(IsapiFixture.Device(), null!, TimeProvider.System);
        var at = new DateTimeOffset(2000, 1, 1, 8, 0, 0, TimeSpan.Zero);

        progress.BeginLook();
        progress.Note(7, 6, at, wasNew: true);
        progress.Note(8, 7, at, wasNew: true);
        (progress.Cursor.Serial, progress.Cursor.Anchor).ShouldBe((0L, 7L));
        // The connection ends before the log was read.
        progress.BeginGap();
        progress.BeginLook();
        progress.CatchUp(null, null, isRestarted: false).ShouldBeFalse();

        (progress.Cursor.Serial, progress.Cursor.Anchor).ShouldBe((7L, 0L));
    }

    [Fact]
    public void A_cursor_that_cannot_be_read_is_a_new_one()
    {
        IsapiCursor.Read("1234").ShouldBe(new IsapiCursor());
        IsapiCursor.Read("{").ShouldBe(new IsapiCursor());
        IsapiCursor.Read(null).ShouldBe(new IsapiCursor());
    }

    [Theory]
    [InlineData("ü")]
    [InlineData("\"")]
    [InlineData("😀")]
    public void A_cursor_fits_its_column_whatever_a_device_gives_as_its_reason(string letter)
    {
        var at = new DateTimeOffset(2026, 11, 2, 8, 0, 0, 123, TimeSpan.FromHours(4)).AddTicks(4_567);
        var cursor = new IsapiCursor
        {
            Serial = uint.MaxValue,
            Anchor = uint.MaxValue,
            At = at,
            SeenAt = at,
            StoppedUntil = at,
            Certificate = new string('a', 64),
            Login = new string('b', 24),
            OwnSerial = new string('D', 64),
            Stopped = string.Concat(Enumerable.Repeat(letter, 2_000)),
            FacePart = "FaceImage",
        };

        cursor.Write().Length.ShouldBeLessThanOrEqualTo(1_024);
        var read = IsapiCursor.Read(cursor.Write());
        (read with { Stopped = cursor.Stopped }).ShouldBe(cursor);
        read.Stopped.ShouldNotBeNull().ShouldStartWith(letter);
    }

    private static async Task<IEnumerable<int>> NumbersAsync(IsapiSite site) => (await site.SerialsAsync()).Select(serial => int.Parse(serial, CultureInfo.InvariantCulture)).Order();

    private static void Happen(IsapiDevice simulated, int count)
    {
        for (var i = 0; i < count; i++)
            simulated.Happen(5, 75, "25");
    }

    private static (DateTimeOffset From, DateTimeOffset To) SpanOf(SimulatedRequest request)
    {
        var condition = IsapiBody.TryRead(request.Body, out _)!["AcsEventCond"]!;
        return (At("startTime"), At("endTime"));

        DateTimeOffset At(string name) => DateTimeOffset.Parse(condition.TextOf(name), CultureInfo.InvariantCulture);
    }

    private static IsapiDevice Started(IsapiDevicePlan plan, TimeProvider? time = null)
    {
        var device = new IsapiDevice(plan, time ?? TimeProvider.System);
        device.Start();
        return device;
    }
}
