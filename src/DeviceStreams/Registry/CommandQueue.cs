using System.Collections.Concurrent;
using System.Text.Json;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>What devices are told to do, on the disk, and a bell for those that are connected. Thread-safe.</summary>
public sealed class CommandQueue(DeviceCommandStore store)
{
    // A device that has not answered by then was cut off in the middle; what it is told is the same again, with the same number.
    private static readonly TimeSpan ResendAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Action> _bells = new(StringComparer.Ordinal);

    /// <summary>Stores a command and rings.</summary>
    /// <param name="arguments">Serialised as JSON.</param>
    /// <param name="lifetime">It is not told later than that.</param>
    public async Task<DeviceCommandRow> AddAsync(string deviceId, string kind, object arguments, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        var row = await store.AddAsync(deviceId, kind, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web), lifetime, cancellationToken);
        if (_bells.TryGetValue(deviceId, out var ring))
            ring();
        return row;
    }

    /// <summary>What this device is to be told now, doors that are to be opened before all else, then in the order of the numbers; marked as sent.</summary>
    // Somebody stands before it: nothing else that waits comes first, however much of it there is.
    public Task<IReadOnlyList<DeviceCommandRow>> TakeAsync(string deviceId, int count, CancellationToken cancellationToken = default) =>
        store.TakeAsync(deviceId, count, ResendAfter, CommandKinds.OpenDoor, cancellationToken);

    /// <inheritdoc cref="DeviceCommandStore.EndAsync"/>
    public Task<bool> EndAsync(string deviceId, long id, bool succeeded, string result, CancellationToken cancellationToken = default) =>
        store.EndAsync(deviceId, id, succeeded, result, cancellationToken);

    /// <inheritdoc cref="DeviceCommandStore.FindAsync"/>
    public Task<DeviceCommandRow?> FindAsync(string deviceId, long id, CancellationToken cancellationToken = default) => store.FindAsync(deviceId, id, cancellationToken);

    /// <inheritdoc cref="DeviceCommandStore.ListAsync"/>
    public Task<IReadOnlyList<DeviceCommandRow>> ListAsync(string deviceId, int count, CancellationToken cancellationToken = default) =>
        store.ListAsync(deviceId, count, cancellationToken);

    /// <summary>Rings whenever there is something new for this device; one listener a device, the latest.</summary>
    /// <param name="ring">Quick, and never throws.</param>
    /// <returns>Dispose it to listen no more.</returns>
    public IDisposable Listen(string deviceId, Action ring)
    {
        _bells[deviceId] = ring;
        return new Bell(this, deviceId, ring);
    }

    private sealed class Bell(CommandQueue queue, string deviceId, Action ring) : IDisposable
    {
        // Only its own: a newer connection of the device has replaced it.
        public void Dispose() => queue._bells.TryRemove(new KeyValuePair<string, Action>(deviceId, ring));
    }
}
