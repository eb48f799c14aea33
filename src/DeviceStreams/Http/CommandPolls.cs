using System.Collections.Concurrent;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Http;

/// <summary>Devices that wait for commands, a request each. A newer request of a device ends the one before: that one's connection may be dead. Thread-safe.</summary>
internal sealed class CommandPolls(CommandQueue commands, TimeProvider time, CancellationToken stopping)
{
    private const int CommandsAtOnce = 16;

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>What the device is to do, as soon as there is something.</summary>
    /// <returns>Nothing after <paramref name="wait"/>, when the server stops, or when the device has asked anew.</returns>
    public async Task<IReadOnlyList<DeviceCommandRow>> TakeAsync(Device device, TimeSpan wait, CancellationToken cancellationToken)
    {
        var rung = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping, cancellationToken);
        Replace(device.Id, over);
        try
        {
            // Listens before it looks, so that nothing falls between.
            using var bell = commands.Listen(device.Id, () => rung.Writer.TryWrite(true));
            while (true)
            {
                if (await commands.TakeAsync(device.Id, CommandsAtOnce, cancellationToken) is { Count: > 0 } rows)
                    return rows;
                await rung.Reader.ReadAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
        finally
        {
            _waiting.TryRemove(new KeyValuePair<string, CancellationTokenSource>(device.Id, over));
        }
    }

    private void Replace(string deviceId, CancellationTokenSource mine)
    {
        CancellationTokenSource? older = null;
        _waiting.AddOrUpdate(deviceId, mine, (_, before) =>
        {
            older = before;
            return mine;
        });
        try
        {
            older?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself just now.
        }
    }
}
