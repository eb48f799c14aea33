using System.Net;
using System.Net.Sockets;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <param name="Peer">Null where the server or the answer would not do.</param>
/// <param name="Error">Why not.</param>
/// <param name="Reply">What the server said; null where it could not be asked.</param>
public sealed record PeerStart(RunningPeer? Peer, string? Error, WhipReply? Reply);

/// <summary>Many senders over real sockets on few threads. They make the same load whatever the server does (open model).</summary>
public sealed class PeerRunner : IAsyncDisposable
{
    private readonly PeerRunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly PeerLoop[] _loops;
    private int _started;

    public PeerRunner(PeerRunnerOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _loops = [.. Enumerable.Range(0, Math.Max(1, options.ThreadCount)).Select(i => new PeerLoop(options, time, $"peers {i}"))];
    }

    public int PeerCount => _loops.Sum(loop => loop.PeerCount);

    /// <summary>Most time by which a look at what was due came late: whether this machine kept up.</summary>
    public TimeSpan WorstDelay => _loops.Max(loop => loop.WorstDelay);

    /// <summary>Posts an offer and begins to send. Await <see cref="RunningPeer.Connected"/> for the handshake.</summary>
    /// <param name="identity">Shared by senders that need not differ: a key takes a millisecond to make.</param>
    public async Task<PeerStart> StartAsync(
        SenderOptions options, PeerIdentity identity, WhipClient whip, PeerNetwork? network = null, ISenderObserver? observer = null, CancellationToken cancellationToken = default)
    {
        var number = Interlocked.Increment(ref _started);
        if (PeerCount >= _options.MaxPeers)
            return new PeerStart(null, $"{_options.MaxPeers} senders run already.", null);
        var loop = _loops[number % _loops.Length];
        network ??= PeerNetwork.Perfect;

        // The session needs a way out before there is one: the answer says where to.
        var sink = new LateSink();
        var session = new SenderSession(options with { WallClock = _time.GetUtcNow() - (loop.Now - new Instant(0)) }, identity, sink, HashCode.Combine(network.Seed, number), observer);
        try
        {
            var reply = await whip.PostAsync(session.CreateOffer(), cancellationToken);
            if (!reply.Succeeded)
                return Fail($"{(int)reply.Status} {reply.Body}", reply);
            if (PeerAnswer.TryParse(reply.Body, out var error) is not { } answer)
                return Fail(error, reply);
            var endPoints = answer.Candidates.Where(candidate => candidate.Transport == options.Transport && (_options.AllowsRemote || IPAddress.IsLoopback(candidate.Address.Address)))
                .Select(candidate => candidate.Address).ToList();
            if (endPoints.Count == 0)
                return Fail($"The answer has no {options.Transport} candidate{(_options.AllowsRemote ? string.Empty : " on this machine, and others are not allowed")}.", reply);
            IPeerTransport inner = options.Transport == TransportKind.Tcp ? await TcpPeerTransport.ConnectAsync(endPoints[0], cancellationToken) : new UdpPeerTransport(endPoints);
            var transport = new EmulatedTransport(inner, network, () => loop.Now);
            sink.Target = transport;
            if (!session.TryAccept(answer, inner.Candidates, loop.Now, out error))
            {
                transport.Dispose();
                return Fail(error, reply);
            }

            var peer = new RunningPeer(loop, transport, session, whip, _time, _options.MaxDuration);
            loop.Add(peer);
            return new PeerStart(peer, null, reply);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return Fail(error.Message, null);
        }

        PeerStart Fail(string error, WhipReply? reply)
        {
            session.Dispose();
            return new PeerStart(null, error, reply);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
            loop.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class LateSink : IDatagramSink
    {
        public EmulatedTransport? Target { get; set; }

        public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to) => Target?.Transmit(datagram, to);
    }
}
