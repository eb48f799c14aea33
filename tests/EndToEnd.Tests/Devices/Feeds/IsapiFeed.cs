using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.Storage.Devices;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A Hikvision terminal: called by the server, which reads its stream and its log, or posting until it is answered 200.</summary>
/// <param name="pushTo">Where it posts; null: it is called.</param>
internal sealed class IsapiFeed(string serial, Uri? pushTo) : DeviceFeed(serial)
{
    private readonly IsapiDevice _device = new(new IsapiDevicePlan(serial) { PushTo = pushTo, HeartbeatPeriod = TimeSpan.FromSeconds(1) }, TimeProvider.System);

    private long _happened;

    public override long HappenedCount => Interlocked.Read(ref _happened);

    /// <summary>Where the server calls it, once it is on.</summary>
    public Uri Address => _device.Address!;

    public void Start() => _device.Start();

    public override bool IsOurs(DeviceEventRow row) => row.PersonNumber is not null;

    public override async Task RunAsync(Task over, CancellationToken cancellation)
    {
        while (!over.IsCompleted)
        {
            _device.Happen(5, 75, "1001");
            Interlocked.Increment(ref _happened);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        if (pushTo is not null)
            await _device.Push.WhenDeliveredAsync((int)HappenedCount).WaitAsync(cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync();
        await base.DisposeAsync();
    }
}
