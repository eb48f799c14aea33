using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>One device as the process knows it: what is stored of it, and when it last spoke. Thread-safe.</summary>
public sealed class Device
{
    private readonly TimeProvider _time;
    private long _seenTicks;
    private long _speaksEveryTicks;
    private int _queued;

    internal Device(DeviceRow row, TimeProvider time) => (Row, _time, _seenTicks) = (row, time, row.LastSeenAt?.UtcTicks ?? 0);

    public string Id => Row.Id;

    public string Tenant => Row.Tenant;

    /// <summary>As it was when it was last read or changed here; replaced as a whole, never changed.</summary>
    public DeviceRow Row { get; internal set; }

    public DateTimeOffset? SeenAt => Interlocked.Read(ref _seenTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>How long it may be silent by its protocol, and be there all the same: a device that is only asked now and then. Zero for one that speaks by itself.</summary>
    public TimeSpan SpeaksEvery
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _speaksEveryTicks));
        internal set => Interlocked.Exchange(ref _speaksEveryTicks, value.Ticks);
    }

    /// <summary>What waits in the device, as it last said.</summary>
    public int QueuedCount => Volatile.Read(ref _queued);

    /// <summary>Where it stands, for times that it writes without a zone.</summary>
    /// <param name="serverZone">Of devices that have no zone of their own, or one that this machine does not know.</param>
    public TimeZoneInfo Zone(string serverZone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(Row.TimeZone, out var zone) || TimeZoneInfo.TryFindSystemTimeZoneById(serverZone, out zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>It has just spoken.</summary>
    /// <param name="queued">What waits in it; null: it did not say.</param>
    public void Saw(int? queued = null)
    {
        Interlocked.Exchange(ref _seenTicks, _time.GetUtcNow().UtcTicks);
        if (queued is { } count)
            Volatile.Write(ref _queued, count);
    }
}
