using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>Where this server's part of a device's log begins. A terminal that hung there for years has all of them in its log, and nobody who adds it today asked for them.</summary>
internal static class LogWindow
{
    /// <summary>The first time that all firmware takes.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // No face terminal is older: a clock that shows less was never set, and its times tell nothing.
    private static readonly DateTimeOffset FirstTerminals = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset BeginningOf(DeviceRow row, IsapiOptions options)
    {
        var (known, days) = (row.ApprovedAt ?? row.CreatedAt, TimeSpan.FromDays(options.BackFillDays));
        return known > Earliest + days ? known - days : Earliest;
    }

    /// <summary>It happened before, by a clock that was set.</summary>
    public static bool IsBefore(DateTimeOffset at, DeviceRow row, IsapiOptions options) => at >= FirstTerminals && at < BeginningOf(row, options);
}
