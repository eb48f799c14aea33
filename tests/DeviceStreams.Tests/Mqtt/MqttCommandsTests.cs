using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

/// <summary>What devices are told over MQTT, and when not. Commands are told one after another, so the one that is waited for comes behind all that were told before it.</summary>
public sealed class MqttCommandsTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Who_has_said_goodbye_is_told_nothing_until_it_is_there_again()
    {
        await using var site = await DeviceSite.OpenAsync(_time);
        var (gone, there) = (await ApproveAsync(site, "R-1"), await ApproveAsync(site, "R-2"));
        using var meter = new MqttMeter(this);
        await using var commands = Open(site, meter);
        var intake = new MqttIntake(ServicesOf(site), commands, meter, new DropLog(NullLogger.Instance, _time));
        var way = new Way();
        Task SayAsync(string serial, string hello) => intake.TakeAsync([Arrival(serial, hello)], way, TestContext.Current.CancellationToken);
        foreach (var device in new[] { gone, there })
        {
            await site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new object(), Lifetime);
            await SayAsync(device.Row.Serial, "{}");
            // Told: from here on nobody is asked after but for what is new.
            (await way.NextAsync()).Serial.ShouldBe(device.Row.Serial);
        }

        // Its last will, which the broker says for it.
        await SayAsync("R-1", """{"online":false}""");
        await site.Commands.AddAsync(gone.Id, CommandKinds.OpenDoor, new OpenDoorArguments(3), Lifetime);
        await site.Commands.AddAsync(there.Id, CommandKinds.TimeSync, new object(), Lifetime);
        (await way.NextAsync()).ShouldBe(("R-2", 4));
        await SayAsync("R-1", """{"online":true}""");

        (await way.NextAsync()).ShouldBe(("R-1", 3));
    }

    [Fact]
    public async Task What_is_not_answered_is_told_again_after_a_minute_what_is_too_late_never_and_who_is_silent_hears_nothing()
    {
        await using var site = await DeviceSite.OpenAsync(_time);
        var (first, silent, last) = (await ApproveAsync(site, "R-1"), await ApproveAsync(site, "R-2"), await ApproveAsync(site, "R-3"));
        using var meter = new MqttMeter(this);
        await using var commands = Open(site, meter);
        var way = new Way();
        foreach (var device in new[] { first, silent, last })
        {
            await site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new object(), Lifetime);
            commands.Attend(device, way);
            (await way.NextAsync()).Serial.ShouldBe(device.Row.Serial);
        }

        await site.Commands.AddAsync(first.Id, CommandKinds.OpenDoor, new OpenDoorArguments(3), TimeSpan.FromSeconds(70));
        (await way.NextAsync()).ShouldBe(("R-1", 4));
        // A minute without answers; only two have been heard of meanwhile.
        _time.Advance(TimeSpan.FromSeconds(75));
        first.Saw();
        last.Saw();
        _time.Advance(TimeSpan.FromSeconds(20));

        // In any order of the devices, and no door that should have opened half a minute ago.
        new[] { await way.NextAsync(), await way.NextAsync() }.ShouldBe([("R-1", 1), ("R-3", 3)], ignoreOrder: true);
        (await site.Commands.ListAsync(first.Id, 1))[0].State.ShouldBe(DeviceCommandState.Expired);
        // Were there more of that sweep, they would come before this.
        await site.Commands.AddAsync(last.Id, CommandKinds.TimeSync, new object(), Lifetime);
        (await way.NextAsync()).ShouldBe(("R-3", 5));
    }

    private static Task<Device> ApproveAsync(DeviceSite site, string serial) => site.ApproveAsync(DeviceProtocol.Mqtt, serial);

    private static MqttCommands Open(DeviceSite site, MqttMeter meter) => new(ServicesOf(site), meter, NullLogger.Instance);

    private static MqttServices ServicesOf(DeviceSite site) =>
        new(site.Registry, site.Commands, site.Journal, site.Options, new MqttOptions(), new MqttBrokerOptions(), site.Time, NullLoggerFactory.Instance);

    private MqttArrival Arrival(string serial, string hello) => new(
        MqttReader.Read(MqttTopic.Of(DeviceSite.Tenant, serial, "hello"), new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(hello)), 16_384), _time.GetUtcNow());

    /// <summary>Takes everything.</summary>
    private sealed class Way : IMqttPublisher
    {
        private readonly Channel<(string Serial, long Id)> _told = Channel.CreateUnbounded<(string, long)>();

        public Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan expiresIn, CancellationToken cancellationToken)
        {
            expiresIn.ShouldBeGreaterThan(TimeSpan.Zero);
            using var command = JsonDocument.Parse(payload);
            return Task.FromResult(_told.Writer.TryWrite((topic.Split('/')[2], command.RootElement.GetProperty("id").GetInt64())));
        }

        public async Task<(string Serial, long Id)> NextAsync()
        {
            var next = _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
            await DeviceSite.WithinAsync(next, () => "a command");
            return await next;
        }
    }
}
