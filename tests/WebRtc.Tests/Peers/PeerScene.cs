using System.Net;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Network;
using MediaScore.Peers.Sessions;
using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Sdp;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>
/// A sender and a session of the server with an emulated network between them, in virtual time. Only the handshake is in real time, before the clock starts:
/// BouncyCastle's threads have no other.
/// </summary>
internal sealed class PeerScene : IDisposable
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(20);
    private static readonly PeerIdentity Identity = PeerIdentity.Create(TimeProvider.System);
    private static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(TimeProvider.System.GetUtcNow());

    private readonly RemoteAddress _server = RemoteAddress.From(new IPEndPoint(IPAddress.Loopback, 5082));
    private readonly NetworkEmulator _up;
    private readonly NetworkEmulator _down;
    private readonly SemaphoreSlim _serverWoke = new(0);
    private readonly PriorityQueue<Action, long> _script = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly NegotiatedSession _negotiated;
    private RemoteAddress _client = RemoteAddress.From(new IPEndPoint(IPAddress.Loopback, 40_000));

    private PeerScene(SenderOptions options, int seed, Func<NegotiatedSession, NegotiatedSession>? change)
    {
        _up = new NetworkEmulator(NetworkConditions.Perfect, seed);
        _down = new NetworkEmulator(NetworkConditions.Perfect, seed + 1);
        Sender = new SenderSession(options, Identity, new Wire(this, up: true), seed, Sent);
        Offer = Sender.CreateOffer();
        var answer = SdpNegotiator.Answer(Offer, new SdpAnswerParameters(
            IceCredentialsFactory.Create(), ServerIdentity.Fingerprint, 1, [new IceCandidate(TransportKind.Udp, IPAddress.Loopback, 5082)])
        {
            VideoPreference = options.Video is { } video ? [video.Codec] : [RtpCodec.Vp8],
        });
        answer.Refusal.ShouldBe(SdpRefusal.None, answer.Message);
        _negotiated = change is null ? answer.Session! : change(answer.Session!);
        var dtls = new BouncyDtlsServer(ServerIdentity, _negotiated.Fingerprints, new AddressGate(64, 64), HandshakeLimit, () => _serverWoke.Release());
        Receiver = new RtcSession(_negotiated, new RtcSessionOptions(), dtls, new Wire(this, up: false), Received, localSsrc: 1, cname: "server", Now);
        Sender.TryAccept(answer.Answer!, Now, out var error).ShouldBeTrue(error);
    }

    public Instant Now { get; private set; } = new(1_000_000);

    public string Offer { get; }

    public SenderSession Sender { get; }

    public RtcSession Receiver { get; }

    public SentMedia Sent { get; } = new();

    public ReceivedMedia Received { get; } = new();

    /// <summary>When media could flow first.</summary>
    public Instant Connected { get; private set; }

    /// <summary>Connects both over a perfect network, then makes it what it should be.</summary>
    /// <param name="change">Changes what was negotiated, for the server only.</param>
    public static async Task<PeerScene> ConnectAsync(SenderOptions options, NetworkConditions? conditions = null, int seed = 1, Func<NegotiatedSession, NegotiatedSession>? change = null)
    {
        var scene = new PeerScene(options, seed, change);
        using var limit = new CancellationTokenSource(HandshakeLimit);
        while (scene.Sender.State != SenderState.Connected || scene.Receiver.State != RtcState.Connected)
        {
            limit.IsCancellationRequested.ShouldBeFalse($"not connected in {HandshakeLimit}: {scene.Sender.State} {scene.Sender.HandshakeError}, {scene.Receiver.State} {scene.Receiver.Reason}");
            scene.Run(TimeSpan.FromMilliseconds(1));
            scene.Sender.WaitForHandshake(HandshakeLimit);
            scene.Receiver.AdvanceDtls(scene.Now);
            if (scene.Receiver.State != RtcState.Connected)
                await scene._serverWoke.WaitAsync(TimeSpan.FromMilliseconds(2), limit.Token);
        }

        scene.Connected = scene.Now;
        scene.Network(conditions ?? NetworkConditions.Perfect);
        return scene;
    }

    /// <summary>Changes the network in both directions; outages count from here.</summary>
    public void Network(NetworkConditions conditions)
    {
        _up.Conditions = conditions;
        _down.Conditions = conditions with { RateKilobitsPerSecond = 0 };
        _up.Restart(Now);
        _down.Restart(Now);
    }

    /// <summary>Does something at a time from now.</summary>
    public void At(TimeSpan later, Action action) => _script.Enqueue(action, (Now + later).Microseconds);

    /// <summary>The NAT takes another port, or the phone another network.</summary>
    public void ChangeAddress(bool noticed)
    {
        _client = _client with { Port = (ushort)(_client.Port + 1) };
        if (noticed)
            Sender.LocalAddressChanged(Now);
    }

    /// <summary>What WHIP's PATCH carries, both ways.</summary>
    public void RestartIce()
    {
        IceFragment.TryParse(Sender.CreateRestartFragment(), out var content).ShouldBeTrue();
        var local = IceCredentialsFactory.Create();
        Receiver.Ice.Restart(local, content.Credentials.ShouldNotBeNull());
        Sender.TryAcceptRestart(IceFragment.Write(_negotiated, local, []), Now).ShouldBeTrue();
    }

    /// <summary>Lets virtual time pass, event by event.</summary>
    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            var next = Instant.Min(Instant.Min(Sender.NextDeadline, Receiver.NextDeadline), Instant.Min(_up.NextDelivery, _down.NextDelivery));
            if (_script.TryPeek(out _, out var at))
                next = Instant.Min(next, new Instant(at));
            if (next > end)
                break;
            Now = Instant.Max(Now, next);
            Step();
        }

        Now = end;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
        _serverWoke.Dispose();
    }

    private void Step()
    {
        while (_script.TryPeek(out var action, out var at) && at <= Now.Microseconds)
        {
            _script.Dequeue();
            action();
        }

        Received.Now = Now;
        while (_up.TryReceive(Now, _buffer, out var length, out var from))
            Receiver.Receive(_buffer.AsSpan(0, length), from, Now);
        if (Receiver.NextDeadline <= Now)
            Receiver.Advance(Now);
        while (_down.TryReceive(Now, _buffer, out var length, out var to))
        {
            // A NAT knows only the address that it gave last.
            if (to == _client)
                Sender.Receive(_buffer.AsSpan(0, length), _server, Now);
        }

        if (Sender.NextDeadline <= Now)
            Sender.Advance(Now);
    }

    private sealed class Wire(PeerScene scene, bool up) : IDatagramSink
    {
        public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
        {
            if (up)
                scene._up.Send(datagram, scene._client, scene.Now);
            else
                scene._down.Send(datagram, to, scene.Now);
        }
    }
}
