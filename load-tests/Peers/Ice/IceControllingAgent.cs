using MediaScore.WebRtc;
using MediaScore.WebRtc.Ice;

namespace MediaScore.Peers.Ice;

internal enum IcePeerState : byte
{
    Checking,
    Connected,

    /// <summary>No answer for five seconds and five checks: what a browser reports as disconnected. Checks go on.</summary>
    Disconnected,

    /// <summary>No answer for 30 seconds: no consent to send (RFC 7675). Only a restart helps.</summary>
    Failed,
}

/// <summary>
/// Full ICE in the controlling role towards a server that is ICE-lite or full (RFC 8445): checks every candidate, takes the first that answers, nominates it,
/// keeps consent fresh as Chromium does. Knows no socket and no clock. One local address at a time: when it changes, say so.
/// </summary>
internal sealed class IceControllingAgent : IDisposable
{
    /// <summary>Nothing is heard for this long: RFC 7675, 5.1.</summary>
    public static readonly TimeSpan ConsentLifetime = TimeSpan.FromSeconds(30);

    /// <summary>As Chromium: CONNECTION_WRITE_CONNECT_TIMEOUT, and CONNECTION_WRITE_CONNECT_FAILURES checks without an answer.</summary>
    public static readonly TimeSpan DisconnectedAfter = TimeSpan.FromSeconds(5);

    private const int DisconnectedChecks = 5;

    /// <summary>As Chromium: CONNECTION_WRITE_TIMEOUT. Media are thrown away from then on.</summary>
    public static readonly TimeSpan UnwritableAfter = TimeSpan.FromSeconds(15);

    // As Chromium: 48 ms between checks while nothing answered; 900 ms where an answer is missing; 2.5 s once a pair is stable.
    private static readonly TimeSpan CheckPace = TimeSpan.FromMilliseconds(48);
    private static readonly TimeSpan MissingPace = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan StablePace = TimeSpan.FromSeconds(2.5);

    private const int MaxPending = 32;
    private const int MaxMessageLength = 128 + 2 * 256; // Fragments may have 256 characters.

    // Type preference 110 (peer reflexive), as checks are to carry it (RFC 8445, 7.1.1).
    private const uint Priority = 110U << 24 | 0xFFFFU << 8 | 255;

    private readonly IReadOnlyList<RemoteAddress> _candidates;
    private readonly IDatagramSink _sink;
    private readonly Random _random;
    private readonly ulong _tieBreaker;
    private readonly Pending[] _pending = new Pending[MaxPending];
    private IceCredentials _local;
    private IceCredentials _remote;
    private StunIntegrityKey _localKey; // Of our password: checks towards us.
    private StunIntegrityKey _remoteKey; // Of the server's: our checks and its answers.
    private int _pendingNext;
    private int _candidateNext;
    private Instant _nextCheck;
    private Instant _lastAnswer = Instant.Never;
    private Instant _startedAt;
    private bool _nominated;
    private int _unanswered;

    public IceControllingAgent(
        IceCredentials local, IceCredentials remote, IReadOnlyList<RemoteAddress> candidates, IDatagramSink sink, Random random, Instant now)
    {
        _local = local;
        _remote = remote;
        _candidates = candidates;
        _sink = sink;
        _random = random;
        _tieBreaker = (ulong)random.NextInt64();
        _localKey = new StunIntegrityKey(local.Password);
        _remoteKey = new StunIntegrityKey(remote.Password);
        _startedAt = now;
        _nextCheck = now;
    }

    private struct Pending
    {
        public ulong IdLow;
        public uint IdHigh;
        public Instant SentAt;
        public RemoteAddress To;
        public bool Nominates;
        public bool Open;
    }

    public IcePeerState State { get; private set; }

    /// <summary>Where media go; null until something answered.</summary>
    public RemoteAddress? Selected { get; private set; }

    /// <summary>Our address as the server sees it.</summary>
    public RemoteAddress? Mapped { get; private set; }

    public TimeSpan? RoundTripTime { get; private set; }

    public long CheckCount { get; private set; }

    public long AnswerCount { get; private set; }

    public Instant NextDeadline => State switch
    {
        IcePeerState.Failed => Instant.Never,
        IcePeerState.Connected => _unanswered < DisconnectedChecks ? _nextCheck : Instant.Min(_nextCheck, _lastAnswer + DisconnectedAfter),
        _ => Instant.Min(_nextCheck, Started + ConsentLifetime),
    };

    /// <summary>Whether a browser would still send media.</summary>
    public bool IsWritable(Instant now) => State != IcePeerState.Failed && Selected is not null && now - Started < UnwritableAfter;

    private Instant Started => _lastAnswer == Instant.Never ? _startedAt : _lastAnswer;

    /// <summary>A message that looks like STUN.</summary>
    public void Receive(ReadOnlySpan<byte> stun, in RemoteAddress from, Instant now)
    {
        if (!StunMessage.TryParse(stun, out var message) || message.Method != StunMessage.BindingMethod)
            return;
        switch (message.Class)
        {
            case StunClass.Success when message.VerifyIntegrity(_remoteKey):
                Answered(message, from, now);
                break;
            case StunClass.Request when message.VerifyIntegrity(_localKey):
                // A full agent checks back; the answer is all that it needs.
                Answer(message, from);
                break;
        }
    }

    public void Advance(Instant now)
    {
        if (State == IcePeerState.Failed)
            return;
        if (now - Started >= ConsentLifetime)
        {
            State = IcePeerState.Failed;
            return;
        }

        if (State == IcePeerState.Connected && now - _lastAnswer >= DisconnectedAfter && _unanswered >= DisconnectedChecks)
            State = IcePeerState.Disconnected;
        if (now < _nextCheck)
            return;
        var target = Selected ?? _candidates[_candidateNext++ % _candidates.Count];
        Check(target, now, nominates: Selected is not null);
        // An answer puts it off.
        _nextCheck = now + (Selected is null ? CheckPace : MissingPace);
    }

    /// <summary>RFC 8445, 9: new credentials on both sides, checks from the beginning; media go on where they went.</summary>
    public void Restart(IceCredentials local, IceCredentials remote, Instant now)
    {
        _local = local;
        _remote = remote;
        _localKey.Dispose();
        _remoteKey.Dispose();
        _localKey = new StunIntegrityKey(local.Password);
        _remoteKey = new StunIntegrityKey(remote.Password);
        Array.Clear(_pending);
        State = IcePeerState.Checking;
        _lastAnswer = Instant.Never;
        _startedAt = now;
        _nominated = false;
        _nextCheck = now;
    }

    /// <summary>The network changed under us: nominate at once, do not wait for the next consent check.</summary>
    public void LocalAddressChanged(Instant now)
    {
        _nominated = false;
        _nextCheck = now;
    }

    /// <summary>Where checks go next time, when the selected candidate is gone (its TCP connection ended).</summary>
    public void Unselect(Instant now)
    {
        Selected = null;
        LocalAddressChanged(now);
    }

    public void Dispose()
    {
        _localKey.Dispose();
        _remoteKey.Dispose();
    }

    private void Check(in RemoteAddress to, Instant now, bool nominates)
    {
        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        _random.NextBytes(id);
        ref var pending = ref _pending[_pendingNext++ % MaxPending];
        pending = new Pending { IdLow = BitConverter.ToUInt64(id), IdHigh = BitConverter.ToUInt32(id[8..]), SentAt = now, To = to, Nominates = nominates, Open = true };
        Span<byte> buffer = stackalloc byte[MaxMessageLength];
        var writer = new StunMessageWriter(buffer, StunClass.Request, id);
        writer.WriteUserName(_remote.UserFragment, _local.UserFragment);
        writer.WriteIceControlling(_tieBreaker);
        if (nominates)
            writer.WriteUseCandidate();
        writer.WritePriority(Priority);
        writer.WriteIntegrity(_remoteKey);
        writer.WriteFingerprint();
        CheckCount++;
        _unanswered++;
        _sink.Transmit(buffer[..writer.Length], to);
    }

    private void Answered(in StunMessage message, in RemoteAddress from, Instant now)
    {
        var low = BitConverter.ToUInt64(message.TransactionId);
        var high = BitConverter.ToUInt32(message.TransactionId[8..]);
        foreach (ref var pending in _pending.AsSpan())
        {
            // 7.2.5.2.1: an answer from elsewhere than the question went to proves nothing.
            if (!pending.Open || pending.IdLow != low || pending.IdHigh != high || pending.To != from)
                continue;
            pending.Open = false;
            AnswerCount++;
            _unanswered = 0;
            RoundTripTime = now - pending.SentAt;
            _lastAnswer = now;
            if (message.TryReadMappedAddress(from.Transport, out var mapped))
                Mapped = mapped;
            State = IcePeerState.Connected;
            _nominated |= pending.Nominates;
            if (Selected is null)
                Selected = from;
            // Nominate at once what has just answered; else the next consent check.
            _nextCheck = _nominated ? pending.SentAt + StablePace : now;
            return;
        }
    }

    private void Answer(in StunMessage request, in RemoteAddress from)
    {
        Span<byte> buffer = stackalloc byte[MaxMessageLength];
        var writer = new StunMessageWriter(buffer, StunClass.Success, request.TransactionId);
        writer.WriteXorMappedAddress(from);
        writer.WriteIntegrity(_localKey);
        writer.WriteFingerprint();
        _sink.Transmit(buffer[..writer.Length], from);
    }
}
