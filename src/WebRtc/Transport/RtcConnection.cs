using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Transport;

/// <summary>A session's handle for other threads: what it is told is posted to the loop, what it says was published by the loop. Thread-safe.</summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never asked for, so there is nothing to dispose.
public sealed class RtcConnection
#pragma warning restore CA1001
{
    private readonly RtcLoop _loop;
    private readonly SemaphoreSlim _restartTurn = new(1);
    private LoopSession _session = null!;
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
    public async Task<IceRestartResult> RestartIceAsync(string sdpFragment)
    {
        if (!IceFragment.TryParse(sdpFragment, out var content))
            return new IceRestartResult(IceRestartRefusal.BadFragment, null);
        if (content.Credentials is null || content.Credentials == _session.RemoteIce)
            return new IceRestartResult(State == RtcState.Closed ? IceRestartRefusal.Closed : IceRestartRefusal.NoRestart, null);
        await _restartTurn.WaitAsync();
        try
        {
            return await _loop.RestartIceAsync(_session, content.Credentials);
        }
        finally
        {
            _restartTurn.Release();
        }
    }

    /// <summary>Ends the session; more than once is the same as once.</summary>
    public void Close(CloseReason reason = CloseReason.ByOwner)
    {
        _session.SetCloseReason(reason);
        _loop.Post(_session, LoopRequests.Close);
    }

    /// <summary>Asks the peer for a key frame now.</summary>
    public void RequestKeyFrame() => _loop.Post(_session, LoopRequests.KeyFrame);

    internal void Attach(LoopSession session) => _session = session;

    internal void CountRestart() => Interlocked.Increment(ref _iceGeneration);
}
