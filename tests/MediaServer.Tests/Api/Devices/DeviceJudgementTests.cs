using Grpc.Core;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Microsoft.Data.Sqlite;

namespace MediaScore.MediaServer.Tests.Api.Devices;

public sealed class DeviceJudgementTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    private ConsoleCaller Console => shared.Console;

    [Fact]
    public async Task A_terminal_that_comes_is_listed_as_waiting_and_hears_at_once_that_it_was_approved()
    {
        using var terminal = await DeviceCaller.ConnectAsync(shared.Server, "LOBBY-1");
        await terminal.SendHeartbeatAsync(queued: 7);
        await terminal.UntilAsync(ServerMessage.MessageOneofCase.HeartbeatAnswer);

        var line = await LineAsync("LOBBY-1");
        terminal.Welcome.Approved.ShouldBeFalse();
        line.GetProperty("state").GetString().ShouldBe("pending");
        line.GetProperty("protocol").GetString().ShouldBe("grpc");
        line.GetProperty("online").GetBoolean().ShouldBeTrue();
        line.GetProperty("queued").GetInt32().ShouldBe(7);
        line.GetProperty("model").GetString().ShouldBe("T-1");
        line.GetProperty("firmware").GetString().ShouldBe("1.2");
        line.GetProperty("hasKey").GetBoolean().ShouldBeTrue();
        var approved = await Console.PostAsync($"devices/{line.GetProperty("id").GetString()}/approve");

        approved.GetProperty("state").GetString().ShouldBe("approved");
        approved.GetProperty("approvedAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
        (await terminal.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome.Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task A_terminal_that_was_refused_is_turned_away_until_somebody_approves_it()
    {
        using (await DeviceCaller.ConnectAsync(shared.Server, "GARAGE-1"))
        {
            var id = (await LineAsync("GARAGE-1")).GetProperty("id").GetString();
            await Console.PostAsync($"devices/{id}/refuse");
        }

        var turnedAway = await Should.ThrowAsync<RpcException>(() => DeviceCaller.ConnectAsync(shared.Server, "GARAGE-1"));
        await Console.PostAsync($"devices/{(await LineAsync("GARAGE-1")).GetProperty("id").GetString()}/approve");
        using var again = await DeviceCaller.ConnectAsync(shared.Server, "GARAGE-1");

        turnedAway.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        again.Welcome.Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task A_forgotten_key_gives_way_to_the_next_one_which_waits_for_a_persons_word_and_then_is_the_only_one()
    {
        using (await DeviceCaller.ConnectAsync(shared.Server, "RESET-1", "the-first-key-of-it"))
            await Console.PostAsync($"devices/{(await LineAsync("RESET-1")).GetProperty("id").GetString()}/approve");
        (await Should.ThrowAsync<RpcException>(() => DeviceCaller.ConnectAsync(shared.Server, "RESET-1", "another-key-of-it"))).StatusCode.ShouldBe(StatusCode.Unauthenticated);

        var id = (await LineAsync("RESET-1")).GetProperty("id").GetString();
        (await Console.PostAsync($"devices/{id}/forget-key")).GetProperty("state").GetString().ShouldBe("pending");
        using (var other = await DeviceCaller.ConnectAsync(shared.Server, "RESET-1", "another-key-of-it"))
            other.Welcome.Approved.ShouldBeFalse();

        (await Should.ThrowAsync<RpcException>(() => DeviceCaller.ConnectAsync(shared.Server, "RESET-1", "the-first-key-of-it"))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        await Console.PostAsync($"devices/{id}/approve");
        using var approved = await DeviceCaller.ConnectAsync(shared.Server, "RESET-1", "another-key-of-it");
        approved.Welcome.Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task A_device_that_only_posts_keeps_the_path_that_is_its_key()
    {
        var added = await Console.PostAsync("devices", new { serial = "POSTS-1" });
        var id = added.GetProperty("device").GetProperty("id").GetString();

        var (type, detail) = await Console.RefusedAsync(HttpMethod.Post, $"devices/{id}/forget-key", 409, new { });

        type.ShouldBe("only-posts");
        detail.ShouldContain("add it again");
        var line = await Console.GetAsync($"devices/{id}");
        (line.GetProperty("state").GetString(), line.GetProperty("hasKey").GetBoolean()).ShouldBe(("approved", true));
        using var posted = await shared.Server.Http.PostAsync(added.GetProperty("pushPath").GetString(), new StringContent("{}"), TestContext.Current.CancellationToken);
        ((int)posted.StatusCode).ShouldNotBe(404, "it is still heard");
    }

    [Fact]
    public async Task A_removed_terminal_loses_the_stream_that_it_has_and_is_a_newcomer_afterwards()
    {
        using var terminal = await DeviceCaller.ConnectAsync(shared.Server, "GONE-1");
        var id = (await LineAsync("GONE-1")).GetProperty("id").GetString();
        await Console.PostAsync($"devices/{id}/approve");
        await terminal.UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        await Console.DeleteAsync($"devices/{id}");

        (await Should.ThrowAsync<RpcException>(() => terminal.UntilAsync(ServerMessage.MessageOneofCase.FrameResult))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Console.RefusedAsync(HttpMethod.Get, $"devices/{id}", 404)).Type.ShouldBe("device-not-found");
        using var again = await DeviceCaller.ConnectAsync(shared.Server, "GONE-1");
        again.Welcome.Approved.ShouldBeFalse();
        again.Welcome.DeviceId.ShouldNotBe(id);
    }

    [Fact]
    public async Task Settings_change_one_by_one_reach_the_terminal_and_go_back_to_the_servers()
    {
        using var terminal = await DeviceCaller.ConnectAsync(shared.Server, "SET-1");
        var id = (await LineAsync("SET-1")).GetProperty("id").GetString();

        var changed = await Console.PatchAsync(
            $"devices/{id}", new { name = "  Lobby 大堂 ", door = "north", timeZone = "Asia/Shanghai", acceptSimilarity = 0.62, liveness = "require", network = "127.0.0.0/8", openSeconds = 9 });
        var welcome = (await terminal.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome;
        var back = await Console.PatchAsync($"devices/{id}", new { acceptSimilarity = (double?)null, network = (string?)null, timeZone = "" });

        changed.GetProperty("name").GetString().ShouldBe("Lobby 大堂");
        changed.GetProperty("liveness").GetString().ShouldBe("require");
        welcome.Settings.AcceptSimilarity.ShouldBe(0.62f);
        welcome.Settings.LivenessRequired.ShouldBeTrue();
        welcome.Settings.OpenSeconds.ShouldBe(9u);
        back.GetProperty("acceptSimilarity").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        back.GetProperty("network").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        back.GetProperty("timeZone").GetString().ShouldBe("");
        back.GetProperty("name").GetString().ShouldBe("Lobby 大堂", "what is not named stays");
    }

    [Fact]
    public async Task Settings_that_no_device_can_have_are_refused_all_at_once_and_none_of_them_is_taken()
    {
        using var terminal = await DeviceCaller.ConnectAsync(shared.Server, "SET-2");
        var id = (await LineAsync("SET-2")).GetProperty("id").GetString();

        var (type, detail) = await Console.RefusedAsync(
            HttpMethod.Patch, $"devices/{id}", 400,
            new { name = "good", door = "a\nb", timeZone = "/dev/zero", acceptSimilarity = 1.5, liveness = "maybe", network = "10.0.0.1/33", openSeconds = 0, serial = "x" });

        type.ShouldBe("bad-request");
        foreach (var field in new[] { "door", "timeZone", "acceptSimilarity", "liveness", "network", "openSeconds", "serial" })
            detail.ShouldContain(field);
        (await Console.GetAsync($"devices/{id}")).GetProperty("name").GetString().ShouldBe("");
    }

    [Fact]
    public async Task A_device_that_the_server_calls_is_added_with_a_login_that_no_answer_and_no_file_shows()
    {
        const string Password = "s3cret-of-the-camera";
        var added = await Console.PostAsync("devices", new { address = "https://192.168.7.20:8443", user = "mediascore", password = Password, name = "Gate" });
        var id = added.GetProperty("id").GetString()!;

        added.GetProperty("serial").GetString().ShouldBe("192.168.7.20:8443");
        added.GetProperty("state").GetString().ShouldBe("approved");
        added.GetProperty("hasLogin").GetBoolean().ShouldBeTrue();
        (await Console.GetAsync("devices")).ToString().ShouldNotContain(Password);
        var row = shared.Server.Host.Devices.Registry.Find(id)!.Row;
        DeviceLogin.TryOpen(shared.Server.Host.Devices.Keys, row).ShouldBe(new DeviceLogin("mediascore", Password));
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(shared.Server.DataFolder, "mediascore.db*"))
            (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf("s3cret-of"u8).ShouldBe(-1, file);
        (await Console.RefusedAsync(HttpMethod.Post, "devices", 409, new { address = "https://192.168.7.20:8443", user = "a", password = "b" })).Type.ShouldBe("device-exists");
    }

    [Theory]
    [InlineData("ftp://192.168.7.20")]
    [InlineData("https://user:password@192.168.7.20")]
    [InlineData("https://192.168.7.20/ISAPI")]
    [InlineData("192.168.7.20")]
    [InlineData("")]
    public async Task An_address_that_is_more_or_less_than_scheme_host_and_port_is_refused(string address)
    {
        var (type, detail) = await Console.RefusedAsync(HttpMethod.Post, "devices", 400, new { address, user = "a:b", password = "" });

        type.ShouldBe("bad-request");
        detail.ShouldContain("address must be");
        detail.ShouldContain("a user name has");
    }

    [Fact]
    public async Task Devices_of_one_tenant_are_listed_apart()
    {
        var registry = shared.Server.Host.Devices.Registry;
        await registry.AdmitAsync(new DeviceIntroduction("north", DeviceProtocol.Mqtt, "badge-1", null), TestContext.Current.CancellationToken);

        var north = await Console.GetAsync("devices?tenant=north");

        north.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("serial").GetString()).ShouldBe(["badge-1"]);
        (await Console.GetAsync("status")).GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetString()).ShouldContain("north");
    }

    private async Task<System.Text.Json.JsonElement> LineAsync(string serial) =>
        (await Console.GetAsync("devices")).GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("serial").GetString() == serial);
}
