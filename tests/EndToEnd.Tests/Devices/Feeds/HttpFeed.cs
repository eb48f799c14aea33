using MediaScore.DeviceStreams.Http;
using MediaScore.Storage.Devices;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A special device on the device API: sends batches until they are acknowledged. At its own steady rate, so the number of events is known before.</summary>
internal sealed class HttpFeed(Uri server, string serial, int count) : DeviceFeed(serial)
{
    // Below what the server takes of one device: two requests for each event at worst.
    public const int PerSecond = 8;

    private readonly SimulatedHttpDevice _device = new(new HttpDevicePlan(server, serial, "key-of-the-special-device", PerSecond) { EventLimit = count, Seed = 2 }, TimeProvider.System, _ => { });

    public override long HappenedCount => _device.Counts.Sent;

    public override bool IsOurs(DeviceEventRow row) => row.Kind == DeviceEventKind.Attendance;

    public override Task RunAsync(Task over, CancellationToken cancellation) => _device.RunAsync(cancellation);
}
