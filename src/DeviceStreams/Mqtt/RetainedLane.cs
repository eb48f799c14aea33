using System.Threading.Channels;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>
/// Retained messages between the wire and the disk. A broker sends all that it has at once when somebody subscribes; they wait here, so many and so large at most, while live messages go
/// before. What finds no place is still at the broker. Many writers, one reader.
/// </summary>
internal sealed class RetainedLane(int maxCount, long maxBytes)
{
    // What a draft holds beside its text.
    private const int Overhead = 512;

    // Its bound is the count below; a channel has room for one at least.
    private readonly Channel<MqttArrival> _waiting = Channel.CreateBounded<MqttArrival>(new BoundedChannelOptions(Math.Max(1, maxCount)) { SingleReader = true });
    private readonly Lock _gate = new();
    private long _bytes;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>False where there is no room.</summary>
    public bool TryAdd(MqttArrival arrival)
    {
        lock (_gate)
        {
            var bytes = arrival.Report.Bytes + Overhead;
            if (_count >= maxCount || _bytes + bytes > maxBytes || !_waiting.Writer.TryWrite(arrival))
                return false;
            _count++;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Waits for the first, and takes up to <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<MqttArrival>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        var taken = new List<MqttArrival>();
        await _waiting.Reader.WaitToReadAsync(cancellationToken);
        while (taken.Count < count && _waiting.Reader.TryRead(out var arrival))
        {
            lock (_gate)
            {
                _count--;
                _bytes -= arrival.Report.Bytes + Overhead;
            }

            taken.Add(arrival);
        }

        return taken;
    }
}
