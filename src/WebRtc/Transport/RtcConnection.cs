namespace MediaScore.WebRtc.Transport;

/// <summary>A session's handle for other threads: what it is told is posted to the loop, what it says was published by the loop. Thread-safe.</summary>
public sealed class RtcConnection
{
    private readonly RtcLoop _loop;
    private int _iceGeneration;
    private volatile RtcStatistics _statistics = new();

    internal RtcConnection(RtcLoop loop, string id)
    {
        _loop = loop;
        Id = id;
    }

    /// <summary>128 random bits, base64url: cannot be guessed.</summary>
    public string Id { get; }

    /// <summary>Counts ICE restarts; part of the WHIP resource's ETag.</summary>
    public int IceGeneration => Volatile.Read(ref _iceGeneration);

    public RtcState State => Statistics.State;

    /// <summary>Refreshed about once a second and at every change of state.</summary>
    public RtcStatistics Statistics
    {
        get => _statistics;
        internal set => _statistics = value;
    }

    /// <summary>Takes the peer's new credentials and gives it ours; DTLS and SRTP go on (RFC 9725, 4.3.2). The old credentials stay valid until the first check with the new ones.</summary>
    public Task<IceRestartResult> RestartIceAsync(string sdpFragment) => _loop.RestartIceAsync(this, sdpFragment);

    /// <summary>Ends the session; more than once is the same as once.</summary>
    public void Close(CloseReason reason = CloseReason.ByOwner) => _loop.Close(this, reason);

    /// <summary>Asks the peer for a key frame now.</summary>
    public void RequestKeyFrame() => _loop.RequestKeyFrame(this);

    internal void Restarted() => Interlocked.Increment(ref _iceGeneration);
}
