using System.Security.Cryptography;
using System.Text.Json;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;
using MQTTnet;
using MQTTnet.Formatter;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

public sealed class EmbeddedBrokerTests
{
    private const string Key = "key-of-the-reader-1";
    private const string Name = "default/R-1";

    [Fact]
    public async Task What_a_device_publishes_is_on_the_disk_when_it_is_acknowledged()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        var answer = await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""");

        answer.IsSuccess.ShouldBeTrue();
        var row = (await site.StoredAsync()).ShouldHaveSingleItem();
        (row.DeviceId, row.Code).ShouldBe((device.Id, "B-1"));
    }

    [Fact]
    public async Task The_same_message_again_is_acknowledged_and_not_stored_again()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        for (var i = 0; i < 3; i++)
            (await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""")).IsSuccess.ShouldBeTrue();

        (await site.StoredAsync()).ShouldHaveSingleItem();
        (bench.Count("stored"), bench.Count("duplicate")).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_newcomer_waits_for_a_person_and_comes_in_by_the_key_that_it_said_first()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);

        (await TryAsync(bench, Name, Key)).ShouldBe(MqttClientConnectResultCode.NotAuthorized);
        var device = site.Registry.List().ShouldHaveSingleItem();
        device.Row.State.ShouldBe(DeviceState.Pending);
        await site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Approved);

        (await TryAsync(bench, Name, Key)).ShouldBe(MqttClientConnectResultCode.Success);
        (await TryAsync(bench, Name, "another-key-of-16-and-more")).ShouldBe(MqttClientConnectResultCode.BadUserNameOrPassword);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("default/R-1", "short", null)]
    [InlineData("R-1", Key, null)]
    [InlineData("Default/R-1", Key, null)]
    [InlineData("default/R-1", Key, "default/R-2")]
    public async Task Nobody_comes_in_without_name_and_key_or_under_anothers_name(string? name, string? key, string? clientId)
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);

        foreach (var version in new[] { MqttProtocolVersion.V500, MqttProtocolVersion.V311 })
            (await TryAsync(bench, name ?? "", key, clientId ?? name ?? "anonymous", version)).ShouldNotBe(MqttClientConnectResultCode.Success);

        site.Registry.List().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("mediascore/default/R-2/seen")]
    [InlineData("mediascore/other/R-1/seen")]
    [InlineData("mediascore/default/R-1/command")]
    [InlineData("mediascore/default/server")]
    [InlineData("$SYS/broker")]
    public async Task A_device_publishes_to_its_own_topics_only(string topic)
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-2", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        (await reader.PublishAsync(topic, """{"seq":1,"badge":"B-1"}""")).ReasonCode.ShouldBe(MqttClientPublishReasonCode.NotAuthorized);

        (await site.StoredAsync()).ShouldBeEmpty();
        bench.Count("wrong-topic").ShouldBe(1);
        (await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_device_hears_its_own_commands_only()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        foreach (var filter in new[] { "#", "mediascore/#", "mediascore/default/+/command", "mediascore/default/R-2/command", "mediascore/default/R-1/seen", "$SYS/#" })
            (await reader.SubscribeAsync(filter)).ShouldBe(MqttClientSubscribeResultCode.NotAuthorized);

        (await reader.SubscribeAsync("mediascore/default/R-1/command")).ShouldBe(MqttClientSubscribeResultCode.GrantedQoS1);
    }

    [Fact]
    public async Task Nonsense_is_acknowledged_with_its_reason_counted_and_forgotten()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        var broken = await reader.PublishAsync("mediascore/default/R-1/seen", "{\"seq\":1,");
        var noise = await reader.PublishAsync("mediascore/default/R-1/seen", RandomNumberGenerator.GetBytes(2_000));
        var huge = await reader.PublishAsync("mediascore/default/R-1/seen", new byte[3 << 20]);
        var empty = await reader.PublishAsync("mediascore/default/R-1/seen", "");
        var good = await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""");

        (broken.ReasonCode, noise.ReasonCode).ShouldBe((MqttClientPublishReasonCode.PayloadFormatInvalid, MqttClientPublishReasonCode.PayloadFormatInvalid));
        broken.ReasonString.ShouldContain("no JSON");
        huge.ReasonCode.ShouldBe(MqttClientPublishReasonCode.QuotaExceeded);
        (empty.IsSuccess, good.IsSuccess).ShouldBe((true, true));
        (bench.Count("malformed"), bench.Count("too-large"), bench.Count("empty"), bench.Count("stored")).ShouldBe((2, 1, 1, 1));
    }

    [Fact]
    public async Task A_device_that_a_person_refuses_is_cut_off_at_once()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        await site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Refused);

        await Should.ThrowAsync<Exception>(() => reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}"""));
        (await site.StoredAsync()).ShouldBeEmpty();
        (await TryAsync(bench, Name, Key)).ShouldBe(MqttClientConnectResultCode.NotAuthorized);
    }

    [Fact]
    public async Task What_a_connected_device_sends_from_a_network_that_is_no_longer_its_own_is_not_acknowledged_and_waits_there()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        await site.Registry.ChangeAsync(device.Id, row => row.Network = "192.0.2.0/24");

        await Should.ThrowAsync<Exception>(() => reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}"""));
        (await site.StoredAsync()).ShouldBeEmpty();
        bench.Count("not-approved").ShouldBe(1);
        (await TryAsync(bench, Name, Key)).ShouldBe(MqttClientConnectResultCode.NotAuthorized);
        await site.Registry.ChangeAsync(device.Id, row => row.Network = "127.0.0.0/8");
        await using var again = new MqttCaller();
        await again.ConnectAsync(AddressOf(bench), Name, Key);
        (await again.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""")).IsSuccess.ShouldBeTrue();
        (await site.StoredAsync()).ShouldHaveSingleItem().Code.ShouldBe("B-1");
    }

    [Fact]
    public async Task A_command_reaches_its_device_and_its_answer_comes_back()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        var early = await site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new { }, TimeSpan.FromMinutes(5));
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);
        await reader.SubscribeAsync("mediascore/default/R-1/command");

        // What waited comes when it says that it is there, what is new at once.
        await reader.PublishAsync("mediascore/default/R-1/hello", """{"model":"R2","firmware":"1.4"}""");
        var first = await reader.NextAsync();
        var late = await site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(5), TimeSpan.FromMinutes(5));
        var second = await reader.NextAsync();
        await reader.PublishAsync("mediascore/default/R-1/result", $$"""{"id":{{late.Id}},"succeeded":false,"code":-2,"message":"jammed"}""");

        using var told = JsonDocument.Parse(second.Payload);
        second.Topic.ShouldBe("mediascore/default/R-1/command");
        told.RootElement.GetProperty("id").GetInt64().ShouldBe(late.Id);
        told.RootElement.GetProperty("kind").GetString().ShouldBe("open-door");
        told.RootElement.GetProperty("arguments").GetProperty("seconds").GetInt32().ShouldBe(5);
        told.RootElement.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(late.ExpiresAt);
        first.Payload.ShouldContain($"\"id\":{early.Id},\"kind\":\"time-sync\"");
        var ended = (await site.Commands.ListAsync(device.Id, 10)).Single(row => row.Id == late.Id);
        (ended.State, ended.Result).ShouldBe((DeviceCommandState.Failed, "-2 jammed"));
        (device.Row.Model, device.Row.Firmware).ShouldBe(("R2", "1.4"));
    }

    [Fact]
    public async Task Broker_and_server_restart_in_the_middle_and_no_event_is_lost_or_doubled()
    {
        const int Count = 240;
        await using var site = await DeviceSite.OpenAsync();
        var bench = await MqttBench.StartBrokerAsync(site);
        var port = bench.Ingress.BrokerPort!.Value;
        foreach (var serial in new[] { "R-1", "R-2" })
            await site.ApproveAsync(DeviceProtocol.Mqtt, serial, Key);
        var devices = new[] { Misbehaviour.Resends | Misbehaviour.CutBodies, Misbehaviour.None }.Select((misbehaviour, i) => new SimulatedMqttDevice(
            new MqttDevicePlan(AddressOf(bench), $"R-{i + 1}", Key, EventsPerSecond: 1_000) { EventLimit = Count, Misbehaviour = misbehaviour, IsSensor = i == 1, Seed = i }, TimeProvider.System)).ToList();
        var living = Task.WhenAll(devices.Select(device => device.RunAsync(TestContext.Current.CancellationToken)));

        for (var restart = 1; restart <= 3; restart++)
        {
            await site.WhenStoredAsync(restart * 80);
            await bench.DisposeAsync();
            // Every second time it is another process altogether.
            if (restart % 2 == 0)
                await site.RestartAsync();
            bench = await MqttBench.StartBrokerAsync(site, port);
        }

        await DeviceSite.WithinAsync(living, () => "the devices' last acknowledgement");
        await bench.DisposeAsync();
        devices.ShouldAllBe(device => device.Counts.Sent == Count && device.Counts.Answered == Count);
        // Each restart cut off whoever had just stored something; the other may have been waiting to come back, and have noticed nothing.
        devices.Sum(device => device.Counts.Reconnects).ShouldBeGreaterThanOrEqualTo(3);
        var stored = await site.StoredAsync();
        stored.Count.ShouldBe(2 * Count);
        stored.Select(row => (row.DeviceId, row.DeduplicationKey)).Distinct().Count().ShouldBe(2 * Count);
    }

    [Fact]
    public async Task Reconnect_storms_and_wrong_clocks_cost_no_event()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site);
        var devices = new List<SimulatedMqttDevice>();
        for (var i = 0; i < 8; i++)
        {
            await site.ApproveAsync(DeviceProtocol.Mqtt, $"S-{i}", Key);
            devices.Add(new SimulatedMqttDevice(
                new MqttDevicePlan(AddressOf(bench), $"S-{i}", Key, EventsPerSecond: 100) { EventLimit = 100, Seed = i, Misbehaviour = Misbehaviour.ReconnectStorms | Misbehaviour.WrongClock | Misbehaviour.Resends },
                TimeProvider.System));
        }

        await DeviceSite.WithinAsync(Task.WhenAll(devices.Select(device => device.RunAsync(TestContext.Current.CancellationToken))), () => "the devices' last acknowledgement");

        var stored = await site.StoredAsync();
        stored.Count.ShouldBe(800);
        stored.ShouldAllBe(row => row.OccurredAt.Year == 2000 && row.ReceivedAt.Year > 2025);
    }

    private static Uri AddressOf(MqttBench bench) => new($"mqtt://127.0.0.1:{bench.Ingress.BrokerPort}");

    private static async Task<MqttClientConnectResultCode> TryAsync(MqttBench bench, string name, string? key, string? clientId = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        await using var caller = new MqttCaller();
        return await caller.ConnectAsync(AddressOf(bench), name, key, clientId, version);
    }
}
