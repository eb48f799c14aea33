using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Sdp;
using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// The only I/O of the WebRTC endpoint: one UDP socket and one TCP listener for all sessions, one thread that owns them all. What other threads want is posted to it.
/// </summary>
public sealed partial class RtcLoop : IAsyncDisposable
{
    private readonly RtcOptions _options;
    private readonly ILogger _logger;
    private readonly LoopClock _clock;
    private readonly RtcUdpSocket _udp;
    private readonly IceTcpListener? _tcp;
    private readonly DtlsIdentityRotation _identities;
    private readonly AddressGate _gate;
    private readonly LocalCandidates _candidates;
    private readonly WebRtcMeter _meter;
    private readonly LoopThread _thread;
    private readonly Task _warmUp;
    private volatile bool _draining;
    private int _disposed;

    private RtcLoop(RtcOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<RtcLoop>();
        _clock = new LoopClock(time);
        var address = IPAddress.Parse(options.Address);
        _udp = RtcUdpSocket.Open(new IPEndPoint(address, options.UdpPort), options.ReceiveBufferBytes, time);
        try
        {
            if (options.TcpPort >= 0)
                _tcp = IceTcpListener.Start(new IPEndPoint(address, options.TcpPort), options, time, () => _thread?.Wake());
        }
        catch
        {
            _udp.Dispose();
            throw;
        }

        _identities = new DtlsIdentityRotation(time, TimeSpan.FromHours(options.CertificateHours));
        _gate = new AddressGate(options.MaxHandshakes, options.MaxHandshakesPerAddress);
        _candidates = new LocalCandidates(options, time, _udp.Local.Port, _tcp?.Local.Port);
        _meter = new WebRtcMeter(this, Snapshot);
        _thread = new LoopThread(_udp, _tcp, _clock, _meter, loggers.CreateLogger<RtcLoop>());
        LogStarted(_udp.Local.Port, _tcp?.Local.Port, UdpEndPoints.Count);

        if (_udp.ReceiveBufferBytes < options.ReceiveBufferBytes)
            LogBufferClamped(_udp.ReceiveBufferBytes, options.ReceiveBufferBytes);
        _warmUp = Task.Run(() =>
        {
            if (!DtlsWarmUp.Run(_identities.Current))
                LogWarmUpFailed();
        });
    }

    /// <summary>What is advertised in answers, as of now.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints => _candidates.UdpEndPoints;

    /// <summary>What TCP listens on; null when it is off.</summary>
    public IPEndPoint? TcpEndPoint => _tcp?.Local;

    /// <summary>Opens the ports, makes a certificate and starts the thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken.</exception>
    public static RtcLoop Start(RtcOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        var loop = new RtcLoop(options, time, loggers);
        loop._thread.Start();
        return loop;
    }

    /// <summary>Answers an offer; when it is accepted, a session waits for the peer. Thread-safe.</summary>
    /// <param name="events">Called on the loop's thread.</param>
    public RtcAnswer Answer(string offerSdp, RtcAnswerOptions options, IRtcEvents events)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_draining || _thread.Ended.IsCompleted)
            return new RtcAnswer(RtcRefusal.Draining, "The server stops; it takes no new sessions.", null, null);
        if (!_thread.TryReserve(_options.MaxSessions))
            return new RtcAnswer(RtcRefusal.Full, $"All {_options.MaxSessions} sessions are taken.", null, null);

        RtcAnswer? answer = null;
        try
        {
            return answer = AnswerInPlace(offerSdp, options, events);
        }
        finally
        {
            // Refused, or an exception: the session that would give the place back was never registered.
            if (answer?.Connection is null)
                _thread.GiveBack();
        }
    }

    public RtcLoopStatistics Snapshot() => _thread.Snapshot() with
    {
        KernelDropCount = KernelDrops.Read(_udp.Local.Port),
        HandshakeCount = _gate.Count,
        HandshakesPutOffCount = _gate.PutOffCount,
        TcpConnectionCount = _tcp?.ConnectionCount ?? 0,
        TcpRefusedCount = _tcp?.RefusedCount ?? 0,
    };

    /// <summary>No new sessions; running ones go on until their owners close them.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Closes every session (<see cref="CloseReason.Stopping"/>), the thread and the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _draining = true;
        await _thread.StopAsync();
        if (_tcp is not null)
            await _tcp.DisposeAsync();
        await _warmUp;
        _udp.Dispose();
        _meter.Dispose();
    }

    internal void Post(LoopSession session, LoopRequests request) => _thread.Post(session, request);

    internal async Task<IceRestartResult> RestartIceAsync(LoopSession session, IceCredentials remote)
    {
        // Looked up here: to ask the system for its addresses takes longer than the loop has.
        var restart = new IceRestart(remote, _candidates.Current, new TaskCompletionSource<IceRestartResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        session.SetRestart(restart);
        Post(session, LoopRequests.Restart);
        await Task.WhenAny(restart.Answer.Task, _thread.Ended);
        return restart.Answer.Task.IsCompleted ? await restart.Answer.Task : new IceRestartResult(IceRestartRefusal.Closed, null);
    }

    private RtcAnswer AnswerInPlace(string offerSdp, RtcAnswerOptions options, IRtcEvents events)
    {
        var identity = _identities.Current;
        var result = SdpNegotiator.Answer(offerSdp, new SdpAnswerParameters(
            IceCredentialsFactory.Create(), identity.Fingerprint, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 1, _candidates.Current)
        {
            AcceptAudio = options.AcceptAudio,
            AcceptVideo = options.AcceptVideo,
            RequiredVideo = options.RequiredVideo,
        });
        if (result.Session is not { } negotiated)
            return new RtcAnswer(result.Refusal == SdpRefusal.BadSyntax ? RtcRefusal.BadOffer : RtcRefusal.Unacceptable, result.Message, null, null);

        var connection = new RtcConnection(this, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        var session = new LoopSession(connection) { Negotiated = negotiated, RemoteIce = negotiated.RemoteIce, CreatedAt = _clock.Now };
        connection.Attach(session);
        var dtls = new BouncyDtlsServer(identity, negotiated.Fingerprints, _gate, TimeSpan.FromSeconds(_options.HandshakeSeconds), () => Post(session, LoopRequests.Dtls));
        session.Session = new RtcSession(
            negotiated, RtcSessionOptions.From(_options, Random.Shared.NextDouble()), dtls, _thread, events,
            BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)), session.CreatedAt);
        Post(session, LoopRequests.Register);
        return new RtcAnswer(RtcRefusal.None, "", result.Answer, connection);
    }
}
