using System.Threading.Channels;
using MediaScore.DeviceStreams;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>One subscriber. What is stored waits in a bounded queue, the oldest out first: a page that reads slowly, or a log of a hundred thousand lines, holds up nobody, and the page is told how many it missed.</summary>
internal sealed class LiveEventStream : IDisposable
{
    // What a page shows, several times over.
    private const int QueueCapacity = 256;

    // No person reads more; so little at a time also keeps a page awake while a terminal hands over its log of years.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(10);

    private readonly DeviceParts _devices;
    private readonly string _tenant;
    private readonly TimeProvider _time;
    private readonly Channel<DeviceEventRow> _queue;
    private long _lost;

    public LiveEventStream(DeviceParts devices, string tenant, TimeProvider time)
    {
        (_devices, _tenant, _time) = (devices, tenant, time);
        _queue = Channel.CreateBounded<DeviceEventRow>(
            new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _lost));
        devices.Journal.Stored += Hear;
    }

    /// <summary>Until <paramref name="ending"/> fires. From before the first byte on nothing is missed that is not told.</summary>
    public async Task RunAsync(EventStreamWriter writer, CancellationToken ending)
    {
        await writer.BeginAsync(ending);
        while (true)
        {
            await WaitAsync(writer, ending);
            var names = new EventNames(_devices);
            var lines = new List<EventLine>();
            while (lines.Count < QueueCapacity && _queue.Reader.TryRead(out var row))
                lines.Add(EventLine.Of(row, names));
            await writer.SendAsync("events", new { lost = Interlocked.Exchange(ref _lost, 0), events = lines }, ending);
            await Task.Delay(Pace, _time, ending);
        }
    }

    public void Dispose() => _devices.Journal.Stored -= Hear;

    private async Task WaitAsync(EventStreamWriter writer, CancellationToken ending)
    {
        var ready = _queue.Reader.WaitToReadAsync(ending).AsTask();
        while (true)
        {
            try
            {
                await ready.WaitAsync(HeartbeatPeriod, _time, ending);
                return;
            }
            catch (TimeoutException)
            {
                await writer.HeartbeatAsync(ending);
            }
        }
    }

    private void Hear(IReadOnlyList<DeviceEventRow> stored)
    {
        foreach (var row in stored)
        {
            if (row.Tenant == _tenant)
                _queue.Writer.TryWrite(row);
        }
    }
}
