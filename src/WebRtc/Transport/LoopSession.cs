using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Transport;

/// <summary>What other threads want of a session; at most one of each kind waits.</summary>
[Flags]
internal enum LoopRequests
{
    None = 0,
    Register = 1,
    Dtls = 2,
    KeyFrame = 4,
    Restart = 8,
    Close = 16,
}

/// <summary>A session as the loop keeps it. Everything but <see cref="Ask"/>, <see cref="TakeRequests"/>, <see cref="RemoteIce"/>, <see cref="CloseReason"/> and the restart belongs to the loop's thread.</summary>
internal sealed class LoopSession(RtcConnection connection) : IDeadline
{
    private int _requests;
    private int _closeReason;
    private IceCredentials _remoteIce = null!;
    private IceRestart? _restart;

    public RtcConnection Connection { get; } = connection;

    public required NegotiatedSession Negotiated { get; init; }

    /// <summary>The peer's credentials: a fragment that names them again asks for no restart.</summary>
    public required IceCredentials RemoteIce
    {
        get => Volatile.Read(ref _remoteIce);
        set => Volatile.Write(ref _remoteIce, value);
    }

    /// <summary>Made before the session is registered; null once it is removed.</summary>
    public RtcSession Session { get; set; } = null!;

    public Instant CreatedAt { get; init; }

    public Instant Deadline { get; set; }

    public int HeapIndex { get; set; } = -1;

    /// <summary>When its statistics are to be published.</summary>
    public Instant PublishAt { get; set; }

    /// <summary>What was published last, for the loop's sums.</summary>
    public RtcStatistics Published { get; set; } = new();

    /// <summary>Addresses that lead here, and the state of ICE that they were taken from.</summary>
    public List<RemoteAddress> Routes { get; } = [];

    public List<string> Fragments { get; } = [];

    public int RoutesVersion { get; set; }

    public RtcState CountedState { get; set; }

    /// <summary>It is over and nowhere in the loop; requests that come late find it so.</summary>
    public bool IsRemoved { get; set; }

    public CloseReason CloseReason => (CloseReason)Volatile.Read(ref _closeReason);

    /// <summary>The first reason is the one that counts.</summary>
    public void SetCloseReason(CloseReason reason) => Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)CloseReason.None);

    /// <summary>The one restart that waits; the connection lets in one at a time.</summary>
    public void SetRestart(IceRestart restart) => Volatile.Write(ref _restart, restart);

    public IceRestart? TakeRestart() => Interlocked.Exchange(ref _restart, null);

    /// <summary>The session is over: nobody waits for a restart of it.</summary>
    public void RefuseRestart() => TakeRestart()?.Answer.TrySetResult(new IceRestartResult(IceRestartRefusal.Closed, null));

    /// <returns>Whether the session has to be put into the loop's queue: nothing was wanted of it before, so it is in there once at most.</returns>
    public bool Ask(LoopRequests request) => Interlocked.Or(ref _requests, (int)request) == 0;

    public LoopRequests TakeRequests() => (LoopRequests)Interlocked.Exchange(ref _requests, 0);
}

/// <summary>New credentials of the peer, what we can be reached by, and who waits for the answer.</summary>
internal sealed record IceRestart(IceCredentials Remote, IReadOnlyList<IceCandidate> Candidates, TaskCompletionSource<IceRestartResult> Answer);
