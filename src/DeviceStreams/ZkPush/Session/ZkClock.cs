namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>Turns a terminal's wall clock into instants. Immutable.</summary>
/// <param name="zone">Where the terminal hangs.</param>
/// <param name="sentOffset">The fixed offset that it was told last, which it keeps through a change to or from daylight saving time until it is told another; null: it was told none.</param>
/// <param name="sentAt">When it was told.</param>
internal sealed class ZkClock(TimeZoneInfo zone, TimeSpan? sentOffset, DateTimeOffset sentAt)
{
    // Clocks of both sides are never quite the same.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public TimeZoneInfo Zone => zone;

    /// <summary>Of the zone, at this instant.</summary>
    public TimeSpan OffsetAt(DateTimeOffset instant) => zone.GetUtcOffset(instant);

    /// <summary>What a clock on the wall shows at this instant.</summary>
    public DateTime LocalAt(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <param name="arrival">Decides which of two: an hour that comes twice in autumn has come already.</param>
    public DateTimeOffset ToInstant(DateTime local, DateTimeOffset arrival)
    {
        if (sentOffset is { } sent)
        {
            var told = new DateTimeOffset(local, sent);
            if (told >= sentAt - Tolerance)
                return told;
        }

        if (!zone.IsAmbiguousTime(local))
            // Of the hour that spring leaves out this is the offset before it: that clock has not been moved yet.
            return new DateTimeOffset(local, zone.GetUtcOffset(local));
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        var (first, second) = (new DateTimeOffset(local, offsets.Max()), new DateTimeOffset(local, offsets.Min()));
        return second <= arrival + Tolerance ? second : first;
    }

    /// <summary>The <c>TimeZone</c> option of the attendance dialect: whole hours below 12, else minutes. Terminals read 61 to 719 and more as minutes, so 30 minutes alone cannot be said, and nobody lives there.</summary>
    public static int ToOption(TimeSpan offset)
    {
        var minutes = (int)offset.TotalMinutes;
        return minutes % 60 == 0 && Math.Abs(minutes) < 720 ? minutes / 60 : minutes;
    }

    /// <summary><c>+0200</c>.</summary>
    public static string ToText(TimeSpan offset) => $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}";
}
