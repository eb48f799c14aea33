using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>The terminals that are connected now. A second stream of one terminal takes over. Thread-safe.</summary>
public sealed class TerminalStreams
{
    // Each holds two frames of 1 MiB at most, and its own loops.
    private const int MaxStreams = 500;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TerminalStream> _open = new(StringComparer.Ordinal);
    private readonly TerminalServices _services;
    private readonly CancellationToken _stopping;

    internal TerminalStreams(TerminalServices services, CancellationToken stopping) => (_services, _stopping) = (services, stopping);

    public int Count => _open.Count;

    /// <summary>Null where there are too many: say <see cref="Full"/>.</summary>
    internal TerminalStream? Open(Device device, CancellationToken ended)
    {
        if (_open.Count >= MaxStreams && !_open.ContainsKey(device.Id))
            return null;
        var stream = new TerminalStream(device, _services, this, ended, _stopping);
        // It has the place before the other one hears of it: at no moment is a terminal that is connected missing here.
        while (!_open.TryAdd(device.Id, stream))
        {
            if (!_open.TryGetValue(device.Id, out var before) || !_open.TryUpdate(device.Id, stream, before))
                continue;
            before.TakeOver();
            break;
        }

        return stream;
    }

    internal void Closed(TerminalStream stream) => _open.TryRemove(new KeyValuePair<string, TerminalStream>(stream.Device.Id, stream));

    internal static RpcException Full() => TooMany($"{MaxStreams} terminals are connected already");

    /// <summary>What a terminal may ask again for, and when.</summary>
    internal static RpcException TooMany(string reason) => new(
        new Status(StatusCode.ResourceExhausted, reason),
        new Metadata { { "retry-after-ms", ((long)RetryAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } });
}
