namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What one simulated device has done so far. Thread-safe.</summary>
public sealed class SimulationCounts
{
    private long _sent;
    private long _answered;
    private long _refused;
    private long _reconnects;
    private long _resent;

    /// <summary>Frames or events sent, those sent again left out.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Of those, answered or acknowledged.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Requests or connections that the server turned away.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public long Reconnects => Interlocked.Read(ref _reconnects);

    public long Resent => Interlocked.Read(ref _resent);

    internal void CountSent(long count = 1) => Interlocked.Add(ref _sent, count);

    internal void CountAnswered(long count = 1) => Interlocked.Add(ref _answered, count);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountReconnect() => Interlocked.Increment(ref _reconnects);

    internal void CountResent(long count = 1) => Interlocked.Add(ref _resent, count);
}
