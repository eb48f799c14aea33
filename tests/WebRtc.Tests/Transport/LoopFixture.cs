using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>A sender, its session's handle, and what the session told.</summary>
internal sealed record ConnectedSender(RunningPeer Peer, RtcConnection Connection, RecordedEvents Events);

/// <summary>A loop on real sockets of this machine and in-house senders; WHIP's three requests are calls instead of HTTP.</summary>
internal sealed class LoopFixture : HttpMessageHandler, IAsyncDisposable
{
    /// <summary>What nobody should have to wait for: a test that needs it has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, RtcConnection> _connections = new();
    private readonly ConcurrentQueue<(RtcConnection Connection, RecordedEvents Events)> _answered = new();
    private readonly HttpClient _http;
    private readonly PeerIdentity _identity = PeerIdentity.Create(TimeProvider.System);

    public LoopFixture(Action<RtcOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new RtcOptions { UdpPort = 0, TcpPort = 0 };
        configure?.Invoke(options);
        Loop = RtcLoop.Start(options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        _http = new HttpClient(this, disposeHandler: false);
        Runner = new PeerRunner(new PeerRunnerOptions(), TimeProvider.System);
    }

    public RtcLoop Loop { get; }

    public PeerRunner Runner { get; }

    public RtcAnswerOptions AnswerOptions { get; set; } = new();

    /// <summary>The sender's DELETE gets lost: what it said in RTCP and DTLS has to do.</summary>
    public bool LosesDelete { get; set; }

    /// <summary>Set before a sender starts: what its session's events do.</summary>
    public Func<RecordedEvents> MakeEvents { get; set; } = () => new RecordedEvents();

    public static SenderOptions Sender => new() { Audio = SyntheticClips.Opus, Video = SyntheticClips.Vp8, Offer = new SenderOfferOptions { OffersH264 = false } };

    public async Task<ConnectedSender> ConnectAsync(SenderOptions? sender = null, PeerNetwork? network = null, bool waitForMedia = true)
    {
        var started = await StartAsync(sender, network);
        await started.Peer.Connected.WaitAsync(Patience);
        await started.Events.Reached(RtcState.Connected).WaitAsync(Patience);
        if (waitForMedia)
            await started.Events.MoreAudio(3).WaitAsync(Patience);
        return started;
    }

    public async Task<ConnectedSender> StartAsync(SenderOptions? sender = null, PeerNetwork? network = null)
    {
        var start = await Runner.StartAsync(sender ?? Sender, _identity, new WhipClient(_http, new Uri("http://whip.invalid/")), network);
        var peer = start.Peer.ShouldNotBeNull(start.Error);
        _answered.TryDequeue(out var answered).ShouldBeTrue();
        return new ConnectedSender(peer, answered.Connection, answered.Events);
    }

    /// <summary>Waits until no session, handshake and connection is left.</summary>
    public async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Loop.Snapshot() is var now && (now.SessionCount > 0 || now.HandshakeCount > 0 || now.TcpConnectionCount > 0))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);

        // The handles of what is over, as a WHIP server lets go of its resources.
        foreach (var id in _connections.Where(c => c.Value.State == RtcState.Closed).Select(c => c.Key))
            _connections.TryRemove(id, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        await Loop.DisposeAsync();
        _http.Dispose();
        Dispose();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var id = request.RequestUri!.AbsolutePath.Trim('/');
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (request.Method == HttpMethod.Post)
        {
            var events = MakeEvents();
            var answer = Loop.Answer(body, AnswerOptions, events);
            if (answer.Connection is not { } connection)
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent($"{answer.Refusal}: {answer.Message}") };
            _connections[connection.Id] = connection;
            _answered.Enqueue((connection, events));
            return new HttpResponseMessage(HttpStatusCode.Created)
            {
                Content = new StringContent(answer.Sdp!),
                Headers = { Location = new Uri($"/{connection.Id}", UriKind.Relative), ETag = new EntityTagHeaderValue("\"0\"") },
            };
        }

        if (request.Method == HttpMethod.Patch)
        {
            var restart = await _connections[id].RestartIceAsync(body);
            return restart.Fragment is null
                ? new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent(restart.Refusal.ToString()) }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(restart.Fragment) };
        }

        if (!LosesDelete && _connections.TryGetValue(id, out var deleted))
            deleted.Close();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") };
    }
}
