using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class CommandTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 3_000).Select(i => (byte)(i * 31)), 0xFF, 0xD9];

    [Theory]
    [InlineData(true, "img", false)]
    [InlineData(false, "FaceImage", true)]
    public async Task A_person_and_a_face_are_set_changed_and_deleted_whatever_calls_the_device_knows(bool hasSetUp, string part, bool hasDetailDelete)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000601") { HasUserSetUp = hasSetUp, FacePartName = part, HasDetailDelete = hasDetailDelete });
        await using var site = await IsapiSite.OpenAsync();
        site.AddPerson("25");
        site.AddPicture("face-25", Jpeg);
        simulated.Settings.AddPerson("99", "Somebody else");
        var device = await site.AddAsync(simulated);

        var enrolled = await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("25", Picture: "face-25"));
        (enrolled.State, enrolled.Result).ShouldBe((DeviceCommandState.Succeeded, "person and face set"));
        simulated.Settings.People["25"].ShouldBe("Name of 25");
        simulated.Settings.Faces["25"].ShouldBe(Jpeg);
        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("25", "Another name"))).Result.ShouldBe("person set");
        simulated.Settings.People["25"].ShouldBe("Another name");

        for (var i = 0; i < 2; i++)
            (await site.TellAsync(device, CommandKinds.Delete, new DeleteArguments("25"))).State.ShouldBe(DeviceCommandState.Succeeded);
        simulated.Settings.People.Keys.ShouldBe(["99"]);
        simulated.Settings.Faces.ShouldBeEmpty();
        await site.StopAsync();
        IsapiCursor.Read((await new DeviceStore(site, site.Time).FindAsync(device.Id))!.Cursor).FacePart.ShouldBe(part);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("012345678901234567890123456789012")]
    public async Task Nobody_is_never_deleted_since_that_means_everybody(string number)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000602"));
        simulated.Settings.AddPerson("99", "Somebody");
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);

        (await site.TellAsync(device, CommandKinds.Delete, new DeleteArguments(number))).State.ShouldBe(DeviceCommandState.Failed);
        (await site.TellAsync(device, CommandKinds.Delete, new { })).State.ShouldBe(DeviceCommandState.Failed);
        using var client = Client(simulated);
        var patient = new PatientClient(client, TimeProvider.System);
        using var progress = new LogProgress(device, site.Registry, site.Time);
        var faces = new TerminalFaces(patient, progress);
        await Should.ThrowAsync<ArgumentException>(() => new TerminalUsers(patient).DeleteAsync(number, faces, CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(() => faces.DeleteAsync(number, CancellationToken.None));

        simulated.Settings.People.Keys.ShouldBe(["99"]);
    }

    [Fact]
    public async Task No_face_is_sent_without_consent_and_nobody_who_is_blocked_or_unknown()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000603"));
        await using var site = await IsapiSite.OpenAsync();
        site.AddPerson("25", hasConsent: false);
        site.AddPerson("26", isBlocked: true);
        site.AddPicture("face", Jpeg);
        site.AddPicture("huge", [.. Jpeg, .. new byte[TerminalFaces.MaxPictureBytes]]);
        site.AddPerson("27");
        var device = await site.AddAsync(simulated);

        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("25", Picture: "face"))).Result.ShouldContain("agreed");
        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("26"))).Result.ShouldContain("blocked");
        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("28"))).Result.ShouldContain("nobody");
        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("27", Picture: "huge"))).Result.ShouldContain("KiB");
        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("27", Picture: "gone"))).Result.ShouldContain("not there");

        simulated.Settings.People.ShouldBeEmpty();
        simulated.Settings.Faces.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_busy_device_is_asked_again()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000604"));
        await using var site = await IsapiSite.OpenAsync();
        site.AddPerson("25");
        var device = await site.AddAsync(simulated);
        simulated.Settings.BeBusy(1);

        (await site.TellAsync(device, CommandKinds.Enrol, new IsapiEnrolArguments("25"))).State.ShouldBe(DeviceCommandState.Succeeded);
    }

    [Fact]
    public async Task A_door_opens_and_the_device_says_that_it_did()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000605"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        (await site.TellAsync(device, CommandKinds.OpenDoor, new OpenDoorArguments())).State.ShouldBe(DeviceCommandState.Succeeded);

        simulated.Settings.OpenedCount.ShouldBe(1);
        await site.WhenStoredAsync(2);
        (await site.StoredAsync()).Select(row => row.Code).ShouldBe(["3.1024", "5.21"]);
    }

    [Fact]
    public async Task A_door_does_not_wait_for_people_who_are_to_be_enrolled()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000610"));
        await using var site = await IsapiSite.OpenAsync();
        site.AddPerson("25");
        var device = await site.AddAsync(simulated);
        await site.StopAsync();
        for (var i = 0; i < 5; i++)
            await site.Commands.AddAsync(device.Id, CommandKinds.Enrol, new IsapiEnrolArguments("25"), TimeSpan.FromMinutes(5));
        var last = await site.Commands.AddAsync(device.Id, CommandKinds.Enrol, new IsapiEnrolArguments("25"), TimeSpan.FromMinutes(5));
        await site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(), TimeSpan.FromMinutes(5));

        await site.StartAsync();

        (await site.WhenEndedAsync(device.Id, last.Id)).State.ShouldBe(DeviceCommandState.Succeeded);
        simulated.Requests.Where(request => request.Method == "PUT").Select(request => request.Path).ShouldBe(
        [
            "/ISAPI/AccessControl/RemoteControl/door/1", .. Enumerable.Repeat("/ISAPI/AccessControl/UserInfo/SetUp", 6),
        ]);
    }

    [Fact]
    public async Task A_door_does_not_wait_until_the_log_is_read()
    {
        // On this clock the pause between two pages of the log never ends.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = Started(new IsapiDevicePlan("SIM000000611") { Replays = false, PageSize = 10 }, time);
        for (var i = 0; i < 95; i++)
            simulated.Happen(5, 21, door: 1);
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PagePauseMs = 1_000, time);
        var device = await site.AddAsync(simulated);
        var fetch = await site.Commands.AddAsync(device.Id, CommandKinds.FetchLogs, new FetchLogsArguments(), TimeSpan.FromHours(1));
        await site.WhenSentAsync(device.Id, fetch.Id);

        (await site.TellAsync(device, CommandKinds.OpenDoor, new OpenDoorArguments())).State.ShouldBe(DeviceCommandState.Succeeded);

        simulated.Settings.OpenedCount.ShouldBe(1);
        (await site.Commands.ListAsync(device.Id, 10)).Single(row => row.Id == fetch.Id).State.ShouldBe(DeviceCommandState.Sent, "the log is still being read");
    }

    [Fact]
    public async Task The_clock_is_set_in_the_devices_own_zone_and_left_alone_where_a_time_server_sets_it()
    {
        // A clock that stands still, late in its second: what is told is exact, however long the device takes to answer.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, 900, TimeSpan.Zero));
        await using var simulated = Started(new IsapiDevicePlan("SIM000000606") { ZoneText = "+04:00", ClockOffset = TimeSpan.FromHours(-3) }, time);
        await using var site = await IsapiSite.OpenAsync(time: time);
        var device = await site.AddAsync(simulated, change: row => row.TimeZone = "Asia/Yerevan");

        (await site.TellAsync(device, CommandKinds.TimeSync, new { })).Result.ShouldBe("clock set (was -10800 s off)");
        simulated.Settings.TimeSet.ShouldBe("2026-11-02T12:15:05+04:00");
        simulated.Settings.UseTimeServer();

        (await site.TellAsync(device, CommandKinds.TimeSync, new { })).Result.ShouldContain("left alone");
    }

    [Fact]
    public async Task What_a_device_does_not_know_fails_with_words()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000607"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);

        (await site.TellAsync(device, "dance", new { })).Result.ShouldContain("no command dance");
        (await site.TellAsync(device, CommandKinds.Settings, new { })).State.ShouldBe(DeviceCommandState.Failed);
        (await site.TellAsync(device, IsapiCommandKinds.Information, new { })).Result.ShouldContain("SIM-K1T342");
    }

    [Fact]
    public async Task Only_a_free_slot_is_written_and_it_is_read_back_and_given_back()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000608"));
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PublicUrl = "http://127.0.0.1:18090");
        var device = await site.AddAsync(simulated);
        var (others, free) = (simulated.Settings.SlotText(1), simulated.Settings.SlotText(2));

        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).Result.ShouldBe("slot 2 posts to http://127.0.0.1:18090");
        var written = simulated.Settings.SlotText(2);
        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).Result.ShouldBe("slot 2 holds this server already");
        simulated.Settings.SlotText(2).ShouldBe(written);
        simulated.Settings.SlotText(1).ShouldBe(others);
        var token = PushToken.TryRead(simulated.Settings.PushTarget!.Value.Uri.AbsolutePath).ShouldNotBeNull();
        device.Row.CredentialSha256.ShouldBe(PushToken.HashOf(token));
        written.ShouldNotBe(free);
        (await site.PostAsync(PushToken.PathOf(token), "application/json", "{}"u8.ToArray())).Status.ShouldBe(200);

        (await site.TellAsync(device, IsapiCommandKinds.Unlisten, new { })).State.ShouldBe(DeviceCommandState.Succeeded);
        simulated.Settings.PushTarget.ShouldBeNull();
        simulated.Settings.SlotText(1).ShouldBe(others);
        simulated.Requests.ShouldNotContain(request => request.Method == "DELETE" || (request.Method == "PUT" && request.Path.EndsWith("httpHosts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_slot_of_another_system_or_of_the_cloud_is_never_taken_and_an_OK_is_not_believed()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000609"));
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PublicUrl = "http://127.0.0.1:18090");
        var device = await site.AddAsync(simulated);
        var free = simulated.Settings.SlotText(2);

        simulated.Settings.ForgetsSlots = true;
        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).Result.ShouldContain("holds something else");
        simulated.Settings.ForgetsSlots = false;
        simulated.Settings.SetSlot(2, free.Replace("0.0.0.0", "198.51.100.9", StringComparison.Ordinal).Replace("<portNo>0<", "<portNo>7660<", StringComparison.Ordinal));
        var failed = await site.TellAsync(device, IsapiCommandKinds.Listen, new { });

        (failed.State, failed.Result.Contains("EHome 198.51.100.9:7660", StringComparison.Ordinal)).ShouldBe((DeviceCommandState.Failed, true));
        failed.Result.ShouldNotContain("hook");
        site.Options.PublicUrl = "";
        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).Result.ShouldContain("PublicUrl");
    }

    [Theory]
    [InlineData("http-hosts-two.xml", "2", "json")]
    [InlineData("http-hosts-cloud.xml", "", "")]
    [InlineData("http-hosts-three.xml", "2,3", "")]
    [InlineData("http-hosts-single.xml", "", "")]
    public void Free_is_who_has_no_path_and_no_address(string file, string free, string format)
    {
        var slots = HttpHostSlot.ReadAll(IsapiFixture.Read(file));

        slots.ShouldNotBeEmpty();
        string.Join(',', slots.Where(slot => slot.IsFree).Select(slot => slot.Id)).ShouldBe(free);
        if (format.Length > 0)
            slots[0].Format.ShouldBe(format, StringCompareShould.IgnoreCase);
    }

    [Fact]
    public void A_slot_is_written_in_the_devices_own_namespace_and_order()
    {
        var slot = HttpHostSlot.ReadAll(IsapiFixture.Read("http-hosts-three.xml"))[1].ToListen(new Uri("http://192.0.2.5:8090"), "/devices/isapi/token", "JSON", withSubscription: true);

        slot.Name.NamespaceName.ShouldBe("http://www.hikvision.com/ver20/XMLSchema");
        slot.Elements().Select(element => element.Name.LocalName).ShouldBe(["id", "url", "protocolType", "parameterFormatType", "addressingFormatType", "ipAddress", "portNo", "httpAuthenticationMethod", "SubscribeEvent"]);
        slot.Elements().Select(element => element.Value).Take(7).ShouldBe(["2", "/devices/isapi/token", "HTTP", "JSON", "ipaddress", "192.0.2.5", "8090"]);
    }

    [Fact]
    public void Members_that_nobody_names_stay_as_they_are()
    {
        JsonMembers.Change("""{"AcsCfg":{"a":1,"remoteCheckDoorEnabled":false,"deep":{"x":[1,2]}},"other":null}"""u8, "AcsCfg", new Dictionary<string, object> { ["remoteCheckDoorEnabled"] = true, ["n"] = 5 })
            .ShouldBe("""{"AcsCfg":{"a":1,"remoteCheckDoorEnabled":true,"deep":{"x":[1,2]},"n":5},"other":null}""");
        JsonMembers.Change("<AcsCfg/>"u8, "AcsCfg", new Dictionary<string, object> { ["n"] = 5 }).ShouldBe("""{"AcsCfg":{"n":5}}""");
    }

    private static IsapiClient Client(IsapiDevice simulated) => new(
        simulated.Address!, new DeviceLogin(simulated.Plan.User, simulated.Plan.Password), new CertificatePin(null), new IsapiOptions(), TimeProvider.System);

    private static IsapiDevice Started(IsapiDevicePlan plan, TimeProvider? time = null)
    {
        var device = new IsapiDevice(plan, time ?? TimeProvider.System);
        device.Start();
        return device;
    }
}
