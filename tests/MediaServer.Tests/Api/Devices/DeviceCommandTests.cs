using System.Text.Json;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Tests.Api.Devices;

public sealed class DeviceCommandTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    private ConsoleCaller Console => shared.Console;

    [Fact]
    public async Task A_connected_terminal_is_told_at_once_and_its_answer_is_listed()
    {
        using var terminal = await ApprovedAsync("CMD-1");
        var id = terminal.Welcome.DeviceId;

        var told = await Console.PostAsync($"devices/{id}/commands", new { kind = "open-door", seconds = 5 });
        var command = (await terminal.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command;
        await terminal.SendResultAsync(command.CommandId, succeeded: true, "opened");
        await terminal.SendHeartbeatAsync(0);
        await terminal.UntilAsync(ServerMessage.MessageOneofCase.HeartbeatAnswer);

        told.GetProperty("state").GetString().ShouldBe("queued");
        command.OpenDoor.Seconds.ShouldBe(5u);
        var listed = (await Console.GetAsync($"devices/{id}/commands")).GetProperty("commands")[0];
        listed.GetProperty("id").GetInt64().ShouldBe((long)command.CommandId);
        listed.GetProperty("state").GetString().ShouldBe("succeeded");
        listed.GetProperty("result").GetString()!.ShouldContain("opened");
        listed.GetProperty("arguments").GetProperty("seconds").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_door_that_is_not_connected_is_not_told_to_open_later()
    {
        var device = await shared.Server.Host.Devices.Registry.AddAsync(
            new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = "default", Protocol = DeviceProtocol.Grpc, Serial = "CMD-2", State = DeviceState.Approved });

        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{device.Id}/commands", 409, new { kind = "open-door" })).Type.ShouldBe("device-offline");
        (await Console.PostAsync($"devices/{device.Id}/commands", new { kind = "time-sync" })).GetProperty("state").GetString().ShouldBe("queued");
    }

    [Fact]
    public async Task No_terminal_takes_pictures_of_somebody_who_has_not_agreed()
    {
        using var terminal = await ApprovedAsync("CMD-3");
        var path = $"devices/{terminal.Welcome.DeviceId}/commands";
        await Console.PostAsync("people", new { number = "7001", name = "Ada" });

        (await Console.RefusedAsync(HttpMethod.Post, path, 404, new { kind = "enrol", personNumber = "9999" })).Type.ShouldBe("person-not-found");
        (await Console.RefusedAsync(HttpMethod.Post, path, 409, new { kind = "enrol", personNumber = "7001" })).Type.ShouldBe("no-consent");
        await Console.PostAsync("people/7001/consent", new { source = "paper, file 1" });
        await Console.PostAsync(path, new { kind = "enrol", personNumber = "7001" });

        var command = (await terminal.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command;
        (command.Enrol.PersonNumber, command.Enrol.DisplayName).ShouldBe(("7001", "Ada"));
    }

    [Fact]
    public async Task A_device_that_waits_is_told_nothing_and_unknown_kinds_are_refused()
    {
        using var waiting = await DeviceCaller.ConnectAsync(shared.Server, "CMD-4");
        using var approved = await ApprovedAsync("CMD-5");

        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{waiting.Welcome.DeviceId}/commands", 409, new { kind = "open-door" })).Type.ShouldBe("not-approved");
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{approved.Welcome.DeviceId}/commands", 400, new { kind = "dance" })).Detail.ShouldContain("open-door");
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{approved.Welcome.DeviceId}/commands", 400, new { kind = "open-door", seconds = 100_000 })).Detail.ShouldContain("seconds");
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{approved.Welcome.DeviceId}/commands", 400, new { kind = "delete", personNumber = "a b" })).Type.ShouldBe("bad-request");
    }

    [Fact]
    public async Task What_one_protocol_alone_knows_is_told_with_its_arguments_and_to_no_other()
    {
        var zk = await AdmittedAsync(DeviceProtocol.ZkAccess, "CMD-ZK");
        var hikvision = await AdmittedAsync(DeviceProtocol.Isapi, "CMD-HIK", row => row.Address = "http://127.0.0.1:1");

        var query = await Console.PostAsync($"devices/{zk}/commands", new { kind = "zk-query", arguments = new { what = "faces" } });
        var door = await Console.PostAsync($"devices/{zk}/commands", new { kind = "open-door", door = 3, seconds = 4 });
        var reboot = await Console.PostAsync($"devices/{zk}/commands", new { kind = "reboot" });
        var check = await Console.PostAsync($"devices/{hikvision}/commands", new { kind = "isapi-remote-check", arguments = new { isEnabled = true } });

        query.GetProperty("arguments").GetProperty("what").GetString().ShouldBe("faces");
        door.GetProperty("arguments").GetProperty("door").GetInt32().ShouldBe(3);
        (reboot.GetProperty("expiresAt").GetDateTimeOffset() - reboot.GetProperty("createdAt").GetDateTimeOffset()).ShouldBe(TimeSpan.FromMinutes(5), "a restart that comes tomorrow is a surprise");
        check.GetProperty("arguments").GetProperty("opensOffline").GetBoolean().ShouldBeTrue();
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{zk}/commands", 400, new { kind = "isapi-info" })).Detail.ShouldContain("zk-query");
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{hikvision}/commands", 400, new { kind = "reboot" })).Detail.ShouldContain("isapi-listen");
        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{hikvision}/commands", 400, new { kind = "open-door", door = 2 })).Detail.ShouldContain("door must be");
    }

    [Fact]
    public async Task Arguments_that_a_kind_does_not_have_are_refused_with_those_that_it_has()
    {
        var zk = await AdmittedAsync(DeviceProtocol.ZkAttendance, "CMD-ARG");
        var path = $"devices/{zk}/commands";

        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "zk-query", arguments = new { wath = "faces" } })).Detail.ShouldContain("what (needed)");
        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "zk-query" })).Detail.ShouldContain("what (needed)");
        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "zk-info", arguments = new { what = "all" } })).Detail.ShouldContain("there are none");
        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "zk-info", arguments = new[] { 1 } })).Detail.ShouldContain("there are none");
        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "time-sync", arguments = new { } })).Detail.ShouldContain("beside it");
        (await Console.RefusedAsync(HttpMethod.Post, path, 400, new { kind = "zk-photo", arguments = new { personNumber = "1", @sealed = "x" } })).Type.ShouldBe("bad-request", "no picture of a face lies in the queue");
        (await Console.GetAsync(path)).GetProperty("commands").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_device_that_only_posts_is_told_nothing_that_it_would_never_hear()
    {
        var added = await Console.PostAsync("devices", new { serial = "CMD-POST" });

        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{added.GetProperty("device").GetProperty("id").GetString()}/commands", 409, new { kind = "time-sync" })).Type.ShouldBe("only-posts");
    }

    [Fact]
    public async Task Commands_that_pile_up_are_refused()
    {
        var device = await shared.Server.Host.Devices.Registry.AddAsync(
            new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = "default", Protocol = DeviceProtocol.ZkAccess, Serial = "CMD-6", State = DeviceState.Approved });
        for (var i = 0; i < 50; i++)
            await shared.Server.Host.Devices.Commands.AddAsync(device.Id, "time-sync", new { }, TimeSpan.FromDays(1));

        (await Console.RefusedAsync(HttpMethod.Post, $"devices/{device.Id}/commands", 409, new { kind = "time-sync" })).Type.ShouldBe("too-many-commands");
    }

    [Fact]
    public async Task A_command_that_came_too_late_is_listed_as_such_before_the_device_is_back()
    {
        var device = await shared.Server.Host.Devices.Registry.AddAsync(
            new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = "default", Protocol = DeviceProtocol.ZkAccess, Serial = "CMD-7", State = DeviceState.Approved });
        await shared.Server.Host.Devices.Commands.AddAsync(device.Id, "open-door", new { seconds = 3 }, TimeSpan.Zero);

        var listed = (await Console.GetAsync($"devices/{device.Id}/commands")).GetProperty("commands").EnumerateArray().Single();

        listed.GetProperty("state").GetString().ShouldBe("expired");
        listed.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    /// <summary>A device that has spoken just now, and may take part.</summary>
    private async Task<string> AdmittedAsync(DeviceProtocol protocol, string serial, Action<DeviceRow>? set = null)
    {
        var registry = shared.Server.Host.Devices.Registry;
        var admission = await registry.AdmitAsync(new DeviceIntroduction("default", protocol, serial, null), TestContext.Current.CancellationToken);
        await registry.ChangeAsync(admission.Device!.Id, row => row.State = DeviceState.Approved);
        if (set is not null)
            await registry.ChangeAsync(admission.Device.Id, set, announce: false);
        return admission.Device.Id;
    }

    private async Task<DeviceCaller> ApprovedAsync(string serial)
    {
        var terminal = await DeviceCaller.ConnectAsync(shared.Server, serial);
        await Console.PostAsync($"devices/{terminal.Welcome.DeviceId}/approve");
        await terminal.UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        return terminal;
    }
}
