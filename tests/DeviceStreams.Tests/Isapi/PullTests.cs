using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class PullTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 31)), .. "\r\n--MIME_boundary\r\n{"u8, .. Enumerable.Range(0, 50).Select(i => (byte)i), 0xFF, 0xD9];

    [Fact]
    public async Task What_happens_is_stored_once_with_its_picture_and_the_device_is_known_by_model_and_version()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000101"));
        // The log is looked into at the same time, and has no pictures.
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PictureGrace = TimeSpan.FromMinutes(1));
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        simulated.LetIn(new SimulatedFace("25", Jpeg));

        await site.WhenStoredAsync(3);
        var rows = await site.StoredAsync();
        rows.Select(row => row.Code).ShouldBe(["5.21", "5.75", "5.22"]);
        var face = rows[1];
        (face.Kind, face.Outcome, face.PersonNumber, face.Method).ShouldBe((DeviceEventKind.Access, DeviceEventOutcome.Granted, "25", "face"));
        site.Pictures[face.Picture.ShouldNotBeNull()].ShouldBe(Jpeg);
        (device.Row.Model, device.Row.Firmware).ShouldBe(("SIM-K1T342", "V4.48.40 build 260101"));
    }

    [Fact]
    public async Task The_logs_copy_of_what_has_just_happened_waits_for_the_streams_which_has_the_picture()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000112") { Replays = false }, time);
        simulated.Start();
        simulated.Happen(5, 75, "25", picture: Jpeg);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PictureGrace = TimeSpan.FromSeconds(2), time);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        simulated.Happen(5, 75, "26", picture: Jpeg);
        await site.WhenStoredAsync(1);

        // On this clock the log's copies wait until it moves on.
        var first = (await site.StoredAsync()).ShouldHaveSingleItem();
        (first.PersonNumber, first.Picture is null).ShouldBe(("26", false));
        await IsapiSite.AdvanceUntilAsync(time, site.WhenStoredAsync(2));

        (await site.StoredAsync()).Select(row => row.PersonNumber).ShouldBe(["26", "25"]);
    }

    [Theory]
    [InlineData(LengthForm.Right, HeartbeatForm.Json, false)]
    [InlineData(LengthForm.TooLarge, HeartbeatForm.Xml, false)]
    [InlineData(LengthForm.TooSmall, HeartbeatForm.HeartBeat, true)]
    [InlineData(LengthForm.Missing, HeartbeatForm.None, true)]
    public async Task Every_form_of_a_stream_is_heard(LengthForm lengths, HeartbeatForm heartbeat, bool hasBareLineFeeds)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000102")
        {
            Lengths = lengths,
            Heartbeat = heartbeat,
            HasBareLineFeeds = hasBareLineFeeds,
            Drips = true,
            HeartbeatPeriod = TimeSpan.FromMilliseconds(50),
        });
        for (var i = 0; i < 20; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        simulated.Happen(5, 75, "25", picture: Jpeg.AsMemory(0, 200).ToArray());
        simulated.Happen(5, 22, door: 1);

        await site.WhenStoredAsync(22);
        (await site.SerialsAsync()).Select(serial => int.Parse(serial, System.Globalization.CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(1, 22));
    }

    [Fact]
    public async Task The_log_that_a_stream_begins_with_comes_in_batches_and_once_however_often_it_comes()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000103") { HasLog = false });
        for (var i = 0; i < 3_000; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenStoredAsync(3_000);

        simulated.DropConnections();
        await site.WhenAsync(device, _ => site.Service.CountsOf(device).Connections >= 2, "a second connection");
        simulated.Happen(5, 75, "25");

        await site.WhenStoredAsync(3_001);
        (await site.SerialsAsync()).ShouldBeUnique();
        (await site.StoredAsync()).ShouldAllBe(row => row.Detail!.Contains("replay", StringComparison.Ordinal) || row.PersonNumber == "25");
    }

    [Fact]
    public async Task Live_events_do_not_wait_for_a_log_of_another_device_that_is_read_out()
    {
        await using var loud = Started(new IsapiDevicePlan("SIM000000104") { HasLog = false });
        await using var quiet = Started(new IsapiDevicePlan("SIM000000105") { Replays = false, HasLog = false });
        for (var i = 0; i < 5_000; i++)
            loud.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(quiet);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        await site.AddAsync(loud);
        await site.WhenStoredAsync(200);

        quiet.Happen(5, 75, "25");

        await site.WhenStoredAsync(5_001);
        var rows = await site.StoredAsync();
        // Not behind the 5,000: no more than a few batches of them were before it.
        rows.FindIndex(row => row.DeviceId == device.Id).ShouldBeLessThan(4_000);
    }

    [Fact]
    public async Task A_silent_stream_is_dead_and_a_heartbeat_keeps_it()
    {
        await using var silent = Started(new IsapiDevicePlan("SIM000000106") { Stream = StreamForm.Silent });
        await using var beating = Started(new IsapiDevicePlan("SIM000000107") { HeartbeatPeriod = TimeSpan.FromMilliseconds(100) });
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.SilenceLimitS = 1);
        var dead = await site.AddAsync(silent);
        var living = await site.AddAsync(beating);
        await site.WhenAsync(living, IsapiPhase.Streaming);

        (await site.WhenAsync(dead, IsapiPhase.Waiting)).Words.ShouldContain("heartbeat");

        site.Service.StatusOf(living.Id)!.Phase.ShouldBe(IsapiPhase.Streaming);
        site.Service.CountsOf(living).Heartbeats.ShouldBeGreaterThan(3);
        site.Service.CountsOf(living).Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(StreamForm.Missing)]
    [InlineData(StreamForm.EmptyDocument)]
    public async Task A_device_without_a_stream_has_its_log_read(StreamForm form)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000108") { Stream = form });
        simulated.Happen(5, 75, "25");
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.BackFillEveryS = 1);
        var device = await site.AddAsync(simulated);

        (await site.WhenAsync(device, IsapiPhase.LogOnly)).Words.ShouldContain("no event stream");
        await site.WhenStoredAsync(1);
        simulated.Happen(5, 76);

        await site.WhenStoredAsync(2);
        site.Service.CountsOf(device).Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_quiet_device_is_online_for_as_long_as_its_heart_beats()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000113") { HeartbeatPeriod = TimeSpan.FromSeconds(30) }, time);
        simulated.Start();
        // Nothing else is heard of it.
        await using var site = await IsapiSite.OpenAsync(configure => (configure.Options.SilenceLimitS, configure.Options.BackFillEveryS, configure.Options.RequestLimitS) = (3_600, 86_400, 120), time);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        await IsapiSite.AdvanceUntilAsync(time, EventuallyAsync(() => site.Service.CountsOf(device).Heartbeats >= 8, "eight heartbeats"));

        site.Registry.IsOnline(device).ShouldBeTrue();
        (await site.StoredAsync()).ShouldBeEmpty();
        site.Service.CountsOf(device).Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_device_whose_log_alone_is_read_is_online_between_two_looks_and_offline_when_it_answers_no_more()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000114") { Stream = StreamForm.Missing }, time);
        simulated.Start();
        simulated.Happen(5, 75, "25");
        await using var site = await IsapiSite.OpenAsync(configure => (configure.Options.BackFillEveryS, configure.Options.RequestLimitS) = (300, 120), time);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.LogOnly);
        await site.WhenKnownAsync(device, 1);

        time.Advance(TimeSpan.FromSeconds(290));
        site.Registry.IsOnline(device).ShouldBeTrue("it is asked every 300 s");
        simulated.Happen(5, 75, "26");
        await IsapiSite.AdvanceUntilAsync(time, site.WhenStoredAsync(2));
        time.Advance(TimeSpan.FromSeconds(290));
        site.Registry.IsOnline(device).ShouldBeTrue("it has answered once more");

        await simulated.StopAsync();
        time.Advance(TimeSpan.FromSeconds(300 + site.Devices.OfflineAfterS));

        site.Registry.IsOnline(device).ShouldBeFalse();
    }

    [Fact]
    public async Task A_place_that_is_taken_is_waited_for_and_the_log_is_read_meanwhile()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000109") { BusyAfterListener = TimeSpan.FromHours(1), Replays = false }, time);
        simulated.Start();
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        simulated.DropConnections();
        simulated.Happen(5, 75, "25");

        (await site.WhenAsync(device, IsapiPhase.LogOnly)).Words.ShouldContain("taken");
        await site.WhenStoredAsync(1);
        device.SpeaksEvery.ShouldBe(TimeSpan.FromSeconds(site.Options.BackFillEveryS));
        time.Advance(TimeSpan.FromHours(1));
        await site.WhenAsync(device, IsapiPhase.Streaming);
        device.SpeaksEvery.ShouldBe(TimeSpan.Zero, "a stream has heartbeats");
        simulated.Happen(5, 75, "26");
        await site.WhenStoredAsync(2);
    }

    [Fact]
    public async Task A_device_that_a_person_refuses_or_removes_is_called_no_more()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000110"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        await site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Refused);

        await EventuallyAsync(() => site.Service.StatusOf(device.Id) is null, "the end of the connection");
        simulated.Happen(5, 75, "25");
        (await site.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_of_the_disks_bad_hour_are_read_from_the_log_when_it_is_over()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000111") { Replays = false });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        site.DiskFails = true;
        simulated.Happen(5, 75, "25");
        simulated.Happen(5, 22, door: 1);
        (await site.WhenAsync(device, status => status.Phase == IsapiPhase.Waiting, "waiting")).Words.ShouldContain("could not store");
        site.DiskFails = false;

        await site.WhenStoredAsync(2);
        (await site.SerialsAsync()).Order(StringComparer.Ordinal).ShouldBe(["1", "2"]);
    }

    private static async Task EventuallyAsync(Func<bool> isSo, string what)
    {
        for (var i = 0; i < 3_000 && !isSo(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        isSo().ShouldBeTrue(what);
    }

    private static IsapiDevice Started(IsapiDevicePlan plan)
    {
        var device = new IsapiDevice(plan, TimeProvider.System);
        device.Start();
        return device;
    }
}
