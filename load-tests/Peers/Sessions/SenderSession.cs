using MediaScore.Peers.Dtls;
using MediaScore.Peers.Ice;
using MediaScore.Peers.Packets;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>
/// A WebRTC sender that behaves as a browser does. No I/O, no clock: datagrams and time go in, datagrams go out by the sink. Only the DTLS handshake has a thread
/// of its own, because BouncyCastle's blocks. Not thread-safe; owned by whoever drives it.
/// </summary>
internal sealed partial class SenderSession : IDisposable
{
    // While the handshake's thread works, its output is looked for this often.
    private static readonly TimeSpan HandshakePoll = TimeSpan.FromMilliseconds(5);

    private const int MaxDatagram = 1500;
    private const string FragmentCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly SenderOptions _options;
    private readonly PeerIdentity _identity;
    private readonly IDatagramSink _sink;
    private readonly ISenderObserver? _observer;
    private readonly Random _random;
    private readonly byte[] _datagram = new byte[MaxDatagram];
    private readonly byte[] _plain = new byte[MaxDatagram];
    private readonly List<SenderTrack> _tracks = [];
    private readonly PacedQueue _paced;
    private readonly SenderOfferIds _ids;
    private IceCredentials _localIce;
    private PeerAnswer? _answer;
    private IceControllingAgent? _ice;
    private DtlsPeer? _dtls;
    private SenderKeys? _keys;
    private SenderState _state;
    private Instant _nextReport = Instant.Never;
    private Instant _polledAt = Instant.Never;
    private ushort _transportSequence;

    /// <param name="seed">Of every number that a browser would draw: names, SSRCs, sequence numbers, transaction ids.</param>
    public SenderSession(SenderOptions options, PeerIdentity identity, IDatagramSink sink, int seed, ISenderObserver? observer = null)
    {
        _options = options;
        _identity = identity;
        _sink = sink;
        _observer = observer;
        _random = new Random(seed);
        _transportSequence = (ushort)_random.Next(65536);
        _localIce = NewCredentials();
        var layers = Math.Max(1, options.Offer.SimulcastRids.Count);
        _ids = new SenderOfferIds(
            (ulong)_random.NextInt64(), _localIce.UserFragment, _localIce.Password, identity.Fingerprint, RandomText(16), NewSsrc(),
            [.. Enumerable.Range(0, layers).Select(_ => NewSsrc())], [.. Enumerable.Range(0, layers).Select(_ => NewSsrc())]);
        _paced = new PacedQueue(VideoBitsPerSecond(options.Video));
    }

    public SenderState State => _state;

    /// <summary>The handshake is over: there are keys.</summary>
    public bool SendsMedia => _keys is not null;

    public string? HandshakeError => _dtls?.Error;

    /// <summary>Where media go; null until something answered.</summary>
    public RemoteAddress? Selected => _ice?.Selected;

    public Instant NextDeadline
    {
        get
        {
            if (_ice is null || _state == SenderState.Closed)
                return Instant.Never;
            var deadline = Instant.Min(_ice.NextDeadline, _polledAt + HandshakePoll);
            if (_keys is null)
                return deadline;
            deadline = Instant.Min(deadline, Instant.Min(_nextReport, _paced.NextDeadline));
            foreach (var track in _tracks)
                deadline = Instant.Min(deadline, track.NextDue);
            return deadline;
        }
    }

    /// <summary>The microphone's mute, from the next packet on.</summary>
    public MuteKind AudioMute
    {
        set
        {
            if (Track(MediaKind.Audio)?.Source is OpusSource source)
                source.Mute = value;
        }
    }

    public bool VideoMuted
    {
        set
        {
            if (Track(MediaKind.Video)?.Source is VideoSource source)
                source.Muted = value;
        }
    }

    public string CreateOffer() => SenderOffer.Write(_options.Offer with { Audio = _options.Audio is not null, Video = _options.Video is not null }, _ids);

    /// <summary>Takes the answer and begins with checks. False with the reason where nothing can be sent.</summary>
    public bool TryAccept(string answer, Instant now, out string error)
    {
        if (PeerAnswer.TryParse(answer, out error) is not { } parsed)
            return false;
        var candidates = parsed.Candidates.Where(candidate => candidate.Transport == _options.Transport)
            .Select(candidate => RemoteAddress.From(candidate.Address, candidate.Transport)).ToList();
        if (candidates.Count == 0)
        {
            error = $"The answer has no {_options.Transport} candidate.";
            return false;
        }

        return TryAccept(parsed, candidates, now, out error);
    }

    /// <summary>The same with the candidates that the owner can reach: TCP connections that it opened, or the emulator's side of a server.</summary>
    public bool TryAccept(PeerAnswer answer, IReadOnlyList<RemoteAddress> candidates, Instant now, out string error)
    {
        _answer = answer;
        foreach (var media in answer.Media)
        {
            var clip = media.Kind == MediaKind.Audio ? _options.Audio : _options.Video;
            if (clip is null || clip.Codec != media.Codec)
            {
                error = $"The server chose {media.Codec}; the clip is {clip?.Codec.ToString() ?? "missing"}.";
                return false;
            }

            _tracks.Add(CreateTrack(media, clip));
        }

        error = string.Empty;
        _ice = new IceControllingAgent(_localIce, answer.RemoteIce, candidates, new CountingSink(this), _random, now);
        _dtls = new DtlsPeer(_identity, _options.Dtls, answer.FingerprintSha256);
        Enter(SenderState.Connecting);
        return true;
    }

    /// <summary>New credentials as the body of a PATCH (RFC 9725, 4.3.2; RFC 8840). They are used once the server's came.</summary>
    public string CreateRestartFragment()
    {
        _localIce = NewCredentials();
        var mids = _tracks.Select(track => track.Streams[0].Media.Mid).ToList();
        return $"a=ice-options:trickle\r\na=group:BUNDLE {string.Join(' ', mids)}\r\nm={(_tracks[0].Kind == MediaKind.Audio ? "audio" : "video")} 9 UDP/TLS/RTP/SAVPF 0\r\n"
            + $"a=mid:{mids[0]}\r\na=ice-ufrag:{_localIce.UserFragment}\r\na=ice-pwd:{_localIce.Password}\r\n";
    }

    /// <summary>Takes the server's fragment and checks anew; keys and streams stay.</summary>
    public bool TryAcceptRestart(string fragment, Instant now)
    {
        if (_ice is null || PeerAnswer.TryReadFragment(fragment) is not { } remote)
            return false;
        _ice.Restart(_localIce, remote, now);
        _restartCount++;
        return true;
    }

    /// <summary>The owner sends from another address now, and knows it (a network change, not a NAT's whim).</summary>
    public void LocalAddressChanged(Instant now) => _ice?.LocalAddressChanged(now);

    /// <summary>Another device: new SSRC, numbers and timestamps under the same MID, without a word in SDP.</summary>
    public void ChangeSource(MediaKind kind)
    {
        if (Track(kind) is not { } track)
            return;
        for (var i = 0; i < track.Streams.Count; i++)
            track.Streams[i] = CreateStream(track.Streams[i].Media, NewSsrc(), NewSsrc(), track.Streams[i].Rid);
        if (track.Source is VideoSource)
            track.Source.RequestKeyFrame();
    }

    /// <summary>Blocks until the handshake's thread wants input, so that its output can be sent in virtual time. True where nothing is under way.</summary>
    public bool WaitForHandshake(TimeSpan limit) => _dtls is null || _dtls.State != DtlsPeerState.Handshaking || _dtls.WaitUntilIdle(limit);

    public void Dispose()
    {
        _dtls?.Dispose();
        _keys?.Dispose();
        _ice?.Dispose();
    }

    private SenderTrack? Track(MediaKind kind) => _tracks.Find(track => track.Kind == kind);

    private SenderTrack CreateTrack(PeerAnswerMedia media, MediaClip clip)
    {
        if (media.Kind == MediaKind.Audio)
            return new SenderTrack(new OpusSource(clip, _options.AudioSource), [CreateStream(media, _ids.AudioSsrc, NewSsrc(), rid: null)], _options.AudioClockSkewPpm, TimeSpan.Zero);
        var rids = _options.Offer.SimulcastRids;
        var streams = new List<SendStream>();
        for (var i = 0; i < _ids.VideoSsrcs.Count; i++)
            streams.Add(CreateStream(media, _ids.VideoSsrcs[i], _ids.RtxSsrcs[i], rids.Count > 0 ? rids[i] : null));
        return new SenderTrack(new VideoSource(clip, _options.VideoStartAt), streams, 0, _options.VideoLatency);
    }

    private SendStream CreateStream(PeerAnswerMedia media, uint ssrc, uint rtxSsrc, string? rid)
    {
        // What header, extensions and the retransmission's number take of a packet: 12 + 4 + 28 + 2, rounded up.
        var maxPayload = _options.MaxPacketBytes - 48;
        IPacketizer packetizer = media.Codec switch
        {
            RtpCodec.Opus => new OpusPacketizer(),
            RtpCodec.Vp8 => new Vp8Packetizer(maxPayload, (ushort)_random.Next(0x8000), _options.Vp8TemporalLayers),
            _ => new H264Packetizer(maxPayload),
        };
        return new SendStream(media, ssrc, rtxSsrc, packetizer, _random, _options, rid);
    }

    private void Enter(SenderState state)
    {
        if (_state == state || _state == SenderState.Closed)
            return;
        _state = state;
        if (state == SenderState.Disconnected)
            _disconnectCount++;
        _observer?.OnState(state);
    }

    private IceCredentials NewCredentials() => new(RandomText(8), RandomText(24));

    // Not secret: the seed makes runs repeat. Real browsers draw from a generator for secrets.
    private string RandomText(int length) => string.Create(length, _random, static (text, random) =>
    {
        foreach (ref var character in text)
            character = FragmentCharacters[random.Next(FragmentCharacters.Length)];
    });

    private uint NewSsrc() => (uint)_random.NextInt64(1, 1L << 32);

    private static int VideoBitsPerSecond(MediaClip? clip) =>
        clip is null ? 0 : (int)(clip.Units.Sum(unit => (long)unit.Payload.Length) * 8 / Math.Max(0.1, clip.Duration.TotalSeconds));

    private sealed class CountingSink(SenderSession owner) : IDatagramSink
    {
        public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to) => owner.Send(datagram, to);
    }
}
