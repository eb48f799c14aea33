namespace MediaScore.WebRtc.Transport;

/// <summary>The one clock that the core's instants come from: monotonic, from the loop's start. Thread-safe.</summary>
internal sealed class LoopClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly double _microsecondsPerTick = 1_000_000.0 / time.TimestampFrequency;

    public Instant Now => new((long)((time.GetTimestamp() - _start) * _microsecondsPerTick));
}
