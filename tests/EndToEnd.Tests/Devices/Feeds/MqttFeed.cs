using MediaScore.DeviceStreams.Mqtt;
using MediaScore.Storage.Devices;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A badge reader at the server's own broker: keeps what it saw until the broker has acknowledged it. At its own steady rate, so the number of events is known before.</summary>
internal sealed class MqttFeed(Uri broker, string serial, int count) : DeviceFeed(serial)
{
    public const int PerSecond = 15;

    private readonly SimulatedMqttDevice _device = new(new MqttDevicePlan(broker, serial, "key-of-the-badge-reader", PerSecond) { EventLimit = count, Seed = 3 }, TimeProvider.System);

    public override long HappenedCount => _device.Counts.Sent;

    public override bool IsOurs(DeviceEventRow row) => row.Code.StartsWith("B-", StringComparison.Ordinal);

    public override Task RunAsync(Task over, CancellationToken cancellation) => _device.RunAsync(cancellation);
}
