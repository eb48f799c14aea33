using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>The approved terminals that have spoken since the process began, by serial. Thread-safe.</summary>
internal sealed class ZkSessions(DeviceRegistry registry, DeviceOptions devices, ZkPushOptions options, TimeProvider time)
{
    // Twice the largest answer to a query: one terminal after another is asked for all its faces.
    private readonly ByteBudget _packets = new(96 << 20);
    private readonly ConcurrentDictionary<string, ZkSession> _sessions = new(StringComparer.Ordinal);

    /// <returns>Null where there are too many already.</returns>
    public ZkSession? Of(Device device)
    {
        if (_sessions.TryGetValue(device.Row.Serial, out var session) && ReferenceEquals(session.Device, device))
            return session;
        if (session is null && _sessions.Count >= options.MaxTerminals && !TryForgetOne())
            return null;
        // Another device of the same serial: the first was removed by a person, or speaks the other protocol.
        var writesGbk = options.GbkTerminals.Contains(device.Row.Serial, StringComparer.OrdinalIgnoreCase);
        return _sessions.AddOrUpdate(
            device.Row.Serial,
            _ => New(device, writesGbk),
            (_, known) =>
            {
                if (ReferenceEquals(known.Device, device))
                    return known;
                known.Dispose();
                return New(device, writesGbk);
            });
    }

    private ZkSession New(Device device, bool writesGbk) =>
        new(device, registry, new TokenBucket(options.RequestsPerMinute / 60.0, options.RequestsPerMinute, time), _packets, devices.TimeZone, writesGbk, time);

    /// <summary>One that has not spoken for long: what matters of it is on the disk.</summary>
    private bool TryForgetOne()
    {
        var silent = _sessions.FirstOrDefault(session => !registry.IsOnline(session.Value.Device));
        if (silent.Value is null || !_sessions.TryRemove(silent))
            return false;
        silent.Value.Dispose();
        return true;
    }
}
