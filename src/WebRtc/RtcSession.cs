using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc;

/// <summary>
/// One peer: tells datagrams apart and hands them to ICE, DTLS and SRTP, keeps the deadlines, and ends it all in one place. Bytes and time in; bytes, frames and
/// the next deadline out. No socket, thread, timer or clock; one thread at a time. The way of a media packet:
/// <code>Receive -> validated address? -> wanted? -> SrtpReceiver.Unprotect (in place) -> MediaReceiver.ReceiveRtp -> IRtcEvents.OnFrame</code>
/// </summary>
internal sealed partial class RtcSession : IDtlsOutput, IDisposable
{
    // No RTCP packet of ours is longer: what fits every path, less tag and index.
    private const int MaxRtcpBytes = 1200;

    private readonly RtcSessionOptions _options;
    private readonly IDtlsServer _dtls;
    private readonly IDatagramSink _sink;
    private readonly IRtcEvents _events;
    private readonly MediaReceiver _media;
    private readonly EarlyPackets _early = new();
    private readonly Instant _createdAt;
    private readonly byte[] _rtcp = new byte[MaxRtcpBytes];
    private readonly byte[] _protected = new byte[MaxRtcpBytes + SrtpProfileSizes.MaxRtcpOverhead];
    private SrtpReceiver? _rtpReceiver;
    private SrtcpReceiver? _rtcpReceiver;
    private SrtcpSender? _rtcpSender;
    private SrtpProfile? _profile;
    private RemoteAddress? _dtlsPeer;
    private RemoteAddress _lastValid;
    private int _lastValidVersion = -1;
    private Instant _stateDeadline;
    private Instant _iceDeadline = Instant.Never;
    private int _tuplesVersion;
    private long _datagrams;
    private long _bytes;
    private long _authenticationFailures;
    private long _discarded;
    private RtcStatistics? _last;
    private bool _disposed;

    public RtcSession(NegotiatedSession negotiated, RtcSessionOptions options, IDtlsServer dtls, IDatagramSink sink, IRtcEvents events, uint localSsrc, string cname, Instant now)
    {
        _options = options;
        _dtls = dtls;
        _sink = sink;
        _events = events;
        _media = new MediaReceiver(negotiated, options.Media, events, localSsrc, cname);
        Ice = new IceLiteAgent(negotiated.LocalIce, negotiated.RemoteIce);
        _createdAt = now;
        _stateDeadline = now + options.Arrival;
    }

    /// <summary>For the loop, which routes by its fragments and addresses.</summary>
    public IceLiteAgent Ice { get; }

    public RtcState State { get; private set; }

    public CloseReason Reason { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant NextDeadline => State == RtcState.Closed
        ? Instant.Never
        : Instant.Min(Instant.Min(_stateDeadline, _iceDeadline), Instant.Min(_createdAt + _options.MaxDuration, _profile is null ? Instant.Never : _media.NextDeadline));

    /// <summary>Takes a datagram, which it may overwrite. Never throws for what is in it.</summary>
    public void Receive(Span<byte> datagram, in RemoteAddress from, Instant now)
    {
        if (State == RtcState.Closed || datagram.IsEmpty)
            return;
        _datagrams++;
        _bytes += datagram.Length;

        // RFC 7983, 7: the first byte tells.
        switch (datagram[0])
        {
            case < 4:
                ReceiveStun(datagram, from, now);
                break;
            case >= 20 and < 64 when IsValidated(from):
                _dtlsPeer = from;
                _dtls.Receive(datagram, from, now);
                AdvanceDtls(now);
                break;
            case >= 128 and < 192 when IsValidated(from):
                ReceiveMedia(datagram, now);
                break;
            default:
                _discarded++;
                break;
        }
    }

    /// <summary>DTLS has something to say: its handshake runs elsewhere.</summary>
    public void AdvanceDtls(Instant now)
    {
        if (State == RtcState.Closed)
            return;
        _dtls.Advance(this);
        switch (_dtls.State)
        {
            case DtlsState.Connected when _profile is null:
                Connect(now);
                break;
            case DtlsState.Failed:
                Close(CloseReason.HandshakeFailed, now);
                break;
            case DtlsState.Closed:
                Close(CloseReason.DtlsClosed, now);
                break;
        }
    }

    /// <summary>
    /// Reads what a media packet of this source will need, and returns something made of it that means nothing. With a hundred sessions most of that is in no cache, and a packet's
    /// handling waits for some twenty reads one after the other. Of many packets that were read from the socket together, the loop does this first: the processor then waits for many
    /// sessions' memory at the same time.
    /// </summary>
    public long Touch(uint ssrc) => State == RtcState.Closed || _rtpReceiver is null ? 0 : _datagrams + _lastValid.Port + _tuplesVersion + _rtpReceiver.Touch(ssrc) + _media.Touch(ssrc);

    public void Advance(Instant now)
    {
        if (State == RtcState.Closed)
            return;
        Ice.Advance(now);
        ReadIce();
        if (State == RtcState.Connected && Ice.State == IceState.Disconnected)
        {
            _stateDeadline = now + _options.ConsentGrace;
            Enter(RtcState.Disconnected);
        }

        if (now >= _stateDeadline)
            Close(State == RtcState.Disconnected ? CloseReason.ConsentLost : CloseReason.HandshakeTimeout, now);
        else if (now >= _createdAt + _options.MaxDuration)
            Close(CloseReason.MaxDuration, now);
        else if (_profile is not null && now >= _media.NextDeadline)
            AdvanceMedia(now);
    }

    /// <summary>An address is no more: its TCP connection ended.</summary>
    public void Forget(in RemoteAddress address)
    {
        if (State == RtcState.Closed)
            return;
        Ice.Forget(address);
        ReadIce();
    }

    public void RequestKeyFrame(Instant now)
    {
        if (State != RtcState.Closed)
            _media.RequestKeyFrame(now);
    }

    /// <summary>The one end of a session: DELETE, consent, close_notify, BYE, age and failure all come here. What was held is handed on first. Idempotent.</summary>
    public void Close(CloseReason reason, Instant now)
    {
        if (State == RtcState.Closed)
            return;
        Reason = reason;
        State = RtcState.Closed;
        try
        {
            if (_profile is not null)
                _media.Flush(now);
        }
        finally
        {
            // Whatever the owner makes of its last frames: the peer is told, and so is the owner, who waits for it.
            End();
        }
    }

    public void SendDtls(ReadOnlySpan<byte> datagram)
    {
        // Back to where the handshake comes from: ICE may not have nominated yet.
        if ((_profile is null ? _dtlsPeer : Ice.Selected ?? _dtlsPeer) is { } peer)
            _sink.Transmit(datagram, peer);
    }

    public RtcStatistics Snapshot()
    {
        if (_last is not null)
            return _last;
        var (audio, video) = _media.Snapshot();
        return new RtcStatistics
        {
            State = State,
            Transport = Ice.Selected?.Transport ?? TransportKind.Udp,
            SrtpProfile = _profile?.ToString(),
            RoundTripTime = _media.RoundTripTime,
            DatagramCount = _datagrams,
            ByteCount = _bytes,
            AuthenticationFailureCount = _authenticationFailures,
            DiscardedCount = _discarded + _media.DiscardedCount + _early.DroppedCount,
            Audio = audio,
            Video = video,
        };
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _dtls.Dispose();
        _media.Dispose();
        _early.Clear();
        _rtpReceiver?.Dispose();
        _rtcpReceiver?.Dispose();
        _rtcpSender?.Dispose();
        Ice.Dispose();
    }

    private void End()
    {
        try
        {
            // Without consent nothing more may be sent (RFC 7675, 5.1), a goodbye neither.
            if (Ice.State == IceState.Connected)
                _dtls.Close(this);
        }
        finally
        {
            _last = Snapshot();
            Dispose();
            _events.OnState(State, Reason);
        }
    }

    // What every packet needs of ICE, kept here: it changes with checks and time only.
    private void ReadIce() => (_iceDeadline, _tuplesVersion) = (Ice.NextDeadline, Ice.TuplesVersion);

    // Nearly every packet comes from where the last one came from.
    private bool IsValidated(in RemoteAddress from)
    {
        if (_lastValidVersion == _tuplesVersion && _lastValid == from)
            return true;
        if (!Ice.IsValidated(from))
            return false;
        (_lastValid, _lastValidVersion) = (from, _tuplesVersion);
        return true;
    }

    private void ReceiveStun(ReadOnlySpan<byte> datagram, in RemoteAddress from, Instant now)
    {
        Span<byte> response = stackalloc byte[IceLiteAgent.MaxResponseLength];
        var verdict = Ice.Receive(datagram, from, now, response, out var length);
        if (length > 0)
            _sink.Transmit(response[..length], from);
        if (verdict is IceVerdict.Malformed or IceVerdict.Unauthenticated)
            _discarded++;
        if (verdict != IceVerdict.Accepted)
            return;
        ReadIce();
        if (State == RtcState.New)
        {
            _stateDeadline = now + _options.Handshake;
            Enter(RtcState.Connecting);
        }
        else
        {
            Return();
        }
    }

    // Back from a lost consent, in time.
    private void Return()
    {
        if (State != RtcState.Disconnected)
            return;
        _stateDeadline = Instant.Never;
        Enter(RtcState.Connected);
    }

    // The tag was right: the peer is there.
    private void Confirm(Instant now)
    {
        Ice.Confirm(now);
        if (State != RtcState.Disconnected)
            return;
        ReadIce();
        Return();
    }

    private void Enter(RtcState state)
    {
        State = state;
        _events.OnState(state, Reason);
    }
}
