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

    private async Task<DeviceCaller> ApprovedAsync(string serial)
    {
        var terminal = await DeviceCaller.ConnectAsync(shared.Server, serial);
        await Console.PostAsync($"devices/{terminal.Welcome.DeviceId}/approve");
        await terminal.UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        return terminal;
    }
}
