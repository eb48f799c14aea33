namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>The real clock, which a test puts forward: handshakes run as they do, and half a minute without a check takes no half minute.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ahead;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _ahead);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromSeconds((double)Volatile.Read(ref _ahead) / TimestampFrequency);

    public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));
}
