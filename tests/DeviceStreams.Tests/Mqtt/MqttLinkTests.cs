using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

public sealed class MqttLinkTests
{
    private const string Key = "key-of-the-reader-1";

    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task What_devices_publish_at_the_sites_broker_is_stored(string version)
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        await using var bench = await StartAsync(site, broker, options => options.Version = version);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");
        // Before that, a broker that has never seen this server keeps nothing for it.
        await bench.WhenConnectionsAsync("opened", 1);

        await broker.PublishAsync("mediascore/default/R-1/hello", """{"model":"R2","queued":4}""");
        await broker.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""");
        await broker.PublishAsync("mediascore/default/R-1/reading", """{"seq":2,"readings":[{"name":"t","value":20},{"name":"h","value":40}]}""");

        await site.WhenStoredAsync(3);
        (await site.StoredAsync()).Select(row => row.Code).ShouldBe(["B-1", "t", "h"]);
        (device.Row.Model, device.QueuedCount, site.Registry.IsOnline(device)).ShouldBe(("R2", 4, true));
    }

    [Fact]
    public async Task A_server_that_dies_between_disk_and_acknowledgement_gets_it_again_and_stores_it_once()
    {
        const int Count = 150;
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        var storings = 0;
        var options = Options(broker);
        // However much of it comes at once, it is ten times or more that something is stored.
        options.InFlight = Count / 10;
        await using var bench = await MqttBench.StartAsync(site, options, prepare: ingress => ingress.Link!.Stored = () =>
        {
            // The second, the fourth and the sixth time that something is on the disk.
            if (Interlocked.Increment(ref storings) is 2 or 4 or 6)
                throw new IOException("killed here");
        });
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");
        var device = new SimulatedMqttDevice(new MqttDevicePlan(broker.Address, "R-1", Key, EventsPerSecond: 1_000) { EventLimit = Count }, TimeProvider.System);

        await bench.WhenConnectionsAsync("opened", 1);
        await device.RunAsync(TestContext.Current.CancellationToken);
        await site.WhenStoredAsync(Count);
        await bench.WhenCountedAsync("duplicate", 1);

        // One that dies while it is being opened has failed, one that dies later was lost.
        (bench.Connections("lost") + bench.Connections("failed")).ShouldBe(3);
        (await site.StoredAsync()).Count.ShouldBe(Count);
    }

    [Fact]
    public async Task A_connection_ends_at_once_when_nothing_can_be_stored_while_it_is_being_opened()
    {
        // The clock stands still: nothing ends because it has waited for long enough.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        await using var site = await DeviceSite.OpenAsync(time);
        await using var broker = await SiteBroker.StartAsync();
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");
        await using (var earlier = await StartAsync(site, broker))
            await earlier.WhenConnectionsAsync("opened", 1);
        // More than fits between the wire and the disk, so that the broker's answers lie behind them.
        for (var i = 0; i < 500; i++)
            await broker.PublishAsync("mediascore/default/R-1/seen", $$"""{"seq":{{i}},"badge":"B-1"}""");
        var options = Options(broker);
        options.InFlight = 1;
        var log = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(log)));

        var bench = await MqttBench.StartAsync(
            site, options, loggers: loggers, prepare: ingress => ingress.Link!.Stored = () => throw new IOException("No space left on device."));

        await bench.WhenEndedAsync(1);
        await bench.DisposeAsync();
        // Not that the broker did not answer.
        log.GetSnapshot().ShouldContain(line => line.Message.EndsWith("what came could not be stored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Broker_and_server_restart_in_the_middle_and_no_event_is_lost_or_doubled()
    {
        const int Count = 200;
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        var bench = await StartAsync(site, broker);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");
        await bench.WhenConnectionsAsync("opened", 1);
        var device = new SimulatedMqttDevice(
            new MqttDevicePlan(broker.Address, "R-1", Key, EventsPerSecond: 500) { EventLimit = Count, Misbehaviour = Misbehaviour.Resends }, TimeProvider.System);
        var living = device.RunAsync(TestContext.Current.CancellationToken);

        await site.WhenStoredAsync(40);
        await broker.RestartAsync();
        await site.WhenStoredAsync(80);
        await bench.DisposeAsync();
        await site.RestartAsync();
        // Nobody listens for a while: the broker keeps it.
        bench = await StartAsync(site, broker);
        await site.WhenStoredAsync(120);
        await broker.RestartAsync();

        await DeviceSite.WithinAsync(living, () => "the device's last acknowledgement");
        await site.WhenStoredAsync(Count);
        await bench.DisposeAsync();
        var stored = await site.StoredAsync();
        stored.Count.ShouldBe(Count);
        stored.Select(row => row.DeduplicationKey).Distinct().Count().ShouldBe(Count);
    }

    [Fact]
    public async Task Retained_messages_wait_bounded_while_live_ones_pass_and_what_comes_again_is_no_double()
    {
        await using var site = await DeviceSite.OpenAsync(options: new DeviceOptions { ApproveNewcomers = true });
        await using var broker = await SiteBroker.StartAsync();
        for (var i = 0; i < 300; i++)
            await broker.PublishAsync($"mediascore/default/S-{i}/reading", $$"""{"seq":1,"name":"t","value":{{i}}}""", retain: true);

        await using (var bench = await StartAsync(site, broker, options => (options.MaxRetained, options.RetainedPerSecond) = (100, 1)))
        {
            await bench.WhenCountedAsync("retained-flood", 190);
            await broker.PublishAsync("mediascore/default/LIVE/seen", """{"seq":1,"badge":"B-1"}""");
            await site.WhenStoredAsync(1);

            // One a second: when the live one is there, most of them still wait.
            bench.Count("retained-flood").ShouldBeInRange(190, 200);
            await WhenLiveAsync(site);
            (await site.StoredAsync()).Count.ShouldBeLessThan(60);
        }

        // A new process takes all of them, and none twice.
        await using (var bench = await StartAsync(site, broker, options => (options.MaxRetained, options.RetainedPerSecond) = (1_000, 100_000)))
        {
            await site.WhenStoredAsync(301);
            bench.Count("retained-flood").ShouldBe(0);
        }

        var stored = await site.StoredAsync();
        stored.Count.ShouldBe(301);
    }

    [Fact]
    public async Task What_is_none_of_ours_is_counted_and_neither_stored_nor_asked_for_again()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        var log = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(log)));
        await using var bench = await MqttBench.StartAsync(site, Options(broker), loggers: loggers);
        await bench.WhenConnectionsAsync("opened", 1);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");

        for (var i = 0; i < 50; i++)
            await broker.PublishAsync("mediascore/default/R-1/seen", "{\"seq\":" + i);
        await broker.PublishAsync("mediascore/default/R-1/seen", new byte[600_000]);
        await broker.PublishAsync("mediascore/default/R-1/seen", "");
        await broker.PublishAsync("mediascore/default/R 1/seen", """{"seq":1,"badge":"B-1"}""");
        await broker.PublishAsync("mediascore/default/STRANGER/seen", """{"seq":1,"badge":"B-1"}""");
        await broker.PublishAsync("mediascore/other/R-1/seen", """{"seq":1,"badge":"B-1"}""");
        await broker.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""");

        await bench.WhenCountedAsync("stored", 1);
        (bench.Count("malformed"), bench.Count("too-large"), bench.Count("empty"), bench.Count("wrong-topic"), bench.Count("not-approved"), bench.Count("wrong-tenant")).ShouldBe((50, 1, 1, 1, 1, 0));
        bench.Connections("opened").ShouldBe(1);
        // One line a kind, not fifty.
        log.GetSnapshot().Count(line => line.Message.Contains("dropped (malformed)", StringComparison.Ordinal)).ShouldBe(1);
        site.Registry.List().Single(device => device.Row.Serial == "STRANGER").Row.State.ShouldBe(DeviceState.Pending);
    }

    [Fact]
    public async Task Devices_see_whether_this_server_is_there_also_when_it_dies()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        await using var watcher = new MqttCaller();
        await watcher.ConnectAsync(broker.Address, "watcher", null);
        await watcher.SubscribeAsync("mediascore/default/server");
        var dies = true;
        var bench = await MqttBench.StartAsync(site, Options(broker), prepare: ingress => ingress.Link!.Stored = () =>
        {
            if (dies)
                throw new IOException("killed here");
        });

        (await watcher.NextAsync()).Payload.ShouldBe("""{"online":true}""");
        await broker.PublishAsync("mediascore/default/R-1/hello", "{}");
        (await watcher.NextAsync()).Payload.ShouldBe("""{"online":false}""");
        dies = false;
        (await watcher.NextAsync()).Payload.ShouldBe("""{"online":true}""");
        await bench.DisposeAsync();
        (await watcher.NextAsync()).Payload.ShouldBe("""{"online":false}""");
    }

    [Fact]
    public async Task A_command_goes_by_the_sites_broker_and_the_device_answers()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        await using var bench = await StartAsync(site, broker);
        await bench.WhenConnectionsAsync("opened", 1);
        var device = await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1");
        using var off = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var simulated = new SimulatedMqttDevice(new MqttDevicePlan(broker.Address, "R-1", Key), TimeProvider.System);
        var living = simulated.RunAsync(off.Token);
        // Its hello.
        await bench.WhenCountedAsync("noted", 1);

        var command = await site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(3), TimeSpan.FromMinutes(1));
        await bench.WhenCountedAsync("noted", 2);

        simulated.Commands.ShouldBe(["open-door"]);
        (await site.Commands.ListAsync(device.Id, 1)).Single().ShouldSatisfyAllConditions(row => row.Id.ShouldBe(command.Id), row => row.State.ShouldBe(DeviceCommandState.Succeeded));
        await off.CancelAsync();
        await living;
    }

    [Fact]
    public async Task A_broker_that_is_not_there_yet_is_waited_for()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var broker = await SiteBroker.StartAsync();
        var address = broker.Address;
        await broker.DisposeAsync();

        await using var bench = await MqttBench.StartAsync(site, new MqttOptions { Server = address.ToString() });

        await bench.WhenConnectionsAsync("failed", 2);
        bench.Ingress.IsConnected.ShouldBe(false);
    }

    private static async Task WhenLiveAsync(DeviceSite site)
    {
        for (var count = 1; !(await site.StoredAsync()).Any(row => row.Code == "B-1"); count++)
            await site.WhenStoredAsync(count);
    }

    private static Task<MqttBench> StartAsync(DeviceSite site, SiteBroker broker, Action<MqttOptions>? change = null)
    {
        var options = Options(broker);
        change?.Invoke(options);
        return MqttBench.StartAsync(site, options);
    }

    private static MqttOptions Options(SiteBroker broker) => new() { Server = broker.Address.ToString() };
}
