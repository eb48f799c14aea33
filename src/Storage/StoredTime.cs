namespace MediaScore.Storage;

/// <summary>Time as it is stored: whole microseconds, so that what is returned now equals what is read later.</summary>
internal static class StoredTime
{
    public static DateTimeOffset Now(TimeProvider time) => Of(time.GetUtcNow());

    public static DateTimeOffset Of(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
