using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>A sender over real sockets. Thread-safe: what it is told is done on its loop's thread, what it says was published there.</summary>
public sealed class RunningPeer
{
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(200);

    // A page asks again after about as long; the server answers a restart at once.
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(2);

    private readonly PeerLoop _loop;
    private readonly EmulatedTransport _transport;
    private readonly TimeProvider _time;
    private readonly Instant _end;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SenderStatistics _statistics = new();
    private Instant _nextPublish;
    private Instant _nextRestart;
    private bool _restarting;
    private bool _over;

    internal RunningPeer(PeerLoop loop, EmulatedTransport transport, SenderSession session, WhipClient whip, TimeProvider time, TimeSpan maxDuration)
    {
        _loop = loop;
        _transport = transport;
        _time = time;
        Session = session;
        Whip = whip;
        _end = loop.Now + maxDuration;
    }

    public WhipClient Whip { get; }

    /// <summary>Refreshed five times a second and at every change of state.</summary>
    public SenderStatistics Statistics => _statistics;

    public long DatagramsLostUp => _transport.Uplink.LostCount;

    public long DatagramsLostDown => _transport.Downlink.LostCount;

    public long SendFailureCount => _transport.Inner.SendFailureCount;

    /// <summary>Completes when media can flow; fails when the handshake does.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Completes when the sender is over, whoever ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the sender asks for an ICE restart when its connection fails, as a page does. Default true.</summary>
    public bool RestartsIce { get; set; } = true;

    internal SenderSession Session { get; }

    /// <summary>NAT rebinding (<paramref name="noticed"/> false: the sender does not know) or a change of networks.</summary>
    public void ChangeAddress(bool noticed) => _loop.Post(() =>
    {
        if (_over)
            return;
        _transport.Inner.TryRebind();
        if (noticed)
            Session.LocalAddressChanged(_loop.Now);
    });

    /// <summary>The network is gone from now on, in both directions; the sender lives and sends into the void.</summary>
    public void CutNetwork() => _loop.Post(_transport.Cut);

    public void MuteAudio(MuteKind kind) => _loop.Post(() => Session.AudioMute = kind);

    public void MuteVideo(bool muted) => _loop.Post(() => Session.VideoMuted = muted);

    /// <summary>Another device: new SSRC without a word in SDP.</summary>
    public void ChangeSource(MediaKind kind) => _loop.Post(() => Session.ChangeSource(kind));

    /// <summary>Asks the server for an ICE restart and takes its answer.</summary>
    public async Task<WhipReply> RestartIceAsync(CancellationToken cancellationToken = default)
    {
        var fragment = await OnLoopAsync(Session.CreateRestartFragment);
        var reply = await Whip.RestartIceAsync(fragment, cancellationToken);
        if (reply.Succeeded)
            await OnLoopAsync(() => Session.TryAcceptRestart(reply.Body, _loop.Now));
        return reply;
    }

    /// <summary>BYE, close_notify and DELETE.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await OnLoopAsync(() =>
        {
            Session.Close(_loop.Now);
            return true;
        });
        await Ended;
        await Whip.DeleteAsync(cancellationToken);
    }

    /// <summary>Ends without a word to anybody.</summary>
    public async Task CrashAsync()
    {
        await OnLoopAsync(() =>
        {
            Session.Crash();
            return true;
        });
        await Ended;
    }

    /// <summary>On the loop's thread; false when it is over.</summary>
    internal bool Step(Instant now, bool poll, byte[] buffer)
    {
        if (poll || _transport.NextDeadline <= now)
        {
            _transport.Flush(now);
            while (_transport.TryReceive(buffer, out var length, out var from, now))
                Session.Receive(buffer.AsSpan(0, length), from, now);
        }

        if (Session.NextDeadline <= now)
            Session.Advance(now);
        if (now >= _nextPublish || Session.State != _statistics.State)
            Publish(now);
        if (Session.State == SenderState.Failed && RestartsIce && Session.SendsMedia && !_restarting && now >= _nextRestart)
            TryRestart(now);
        if (Session.State != SenderState.Closed && now < _end)
            return true;
        End(now);
        return false;
    }

    internal void End(Instant now)
    {
        if (_over)
            return;
        _over = true;
        Session.Close(now);
        // What is on its way in the emulator still gets there: BYE and close_notify are the last of it.
        _transport.Flush(Instant.Never);
        Publish(now);
        Session.Dispose();
        _transport.Dispose();
        _connected.TrySetException(new InvalidOperationException("The sender ended before it was connected."));
        _ = _connected.Task.Exception; // Observed: not everybody waits for it.
        _ended.TrySetResult();
    }

    internal Task<T> OnLoopAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => done.TrySetResult(action()));
        return done.Task;
    }

    private void Publish(Instant now)
    {
        _nextPublish = now + PublishInterval;
        _statistics = Session.Snapshot();
        if (_statistics.State == SenderState.Connected)
            _connected.TrySetResult();
        if (_statistics.State == SenderState.Failed && !Session.SendsMedia)
            _connected.TrySetException(new InvalidOperationException($"The sender did not connect: {Session.HandshakeError ?? "no answer to its checks"}."));
    }

    private void TryRestart(Instant now)
    {
        _nextRestart = now + RestartPause;
        // In an outage HTTP does not get through either.
        if (_transport.IsOut(now))
            return;
        _restarting = true;
        _ = RestartAndGoOnAsync();
    }

    private async Task RestartAndGoOnAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
        try
        {
            await RestartIceAsync(limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // Again after the pause.
        }
        finally
        {
            _loop.Post(() => _restarting = false);
        }
    }
}
