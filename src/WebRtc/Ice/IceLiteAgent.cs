namespace MediaScore.WebRtc.Ice;

/// <summary>
/// ICE-lite (RFC 8445, 2.5): answers the peer's checks and makes none. One a session; one component, since RTCP is multiplexed. Not thread-safe, no clock.
/// What is not proven to be the peer's is not answered at all, so that nobody can have our answers sent to somebody else.
/// </summary>
internal sealed class IceLiteAgent : IDisposable
{
    /// <summary>Room for the longest answer: header, IPv6 address or the list of unknown attributes, integrity, fingerprint.</summary>
    public const int MaxResponseLength = 96;

    /// <summary>RFC 7675, 5.1. A lite agent makes no consent checks of its own: the peer's, one every 5 s, and its authenticated media show that it is there.</summary>
    public static readonly TimeSpan ConsentLifetime = TimeSpan.FromSeconds(30);

    /// <summary>Time without a check after which an address that is not selected is forgotten: twice the consent, since a spare pair is checked less often (Chromium: 25 s).</summary>
    public static readonly TimeSpan TupleLifetime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Three consent checks missed at the selected address while they come from another: the peer's NAT gave it a new port and its consent checks carry no
    /// USE-CANDIDATE. Taken as a nomination, or our feedback would go nowhere for the rest of the session.
    /// </summary>
    public static readonly TimeSpan SilenceBeforeSwitch = TimeSpan.FromSeconds(15);

    // RFC 8489, 14.9: enough to say what was wrong; more would only make the answer longer.
    private const int MaxUnknownAttributes = 8;

    private readonly ValidatedTuples _tuples = new();
    private IceGeneration _current;
    private IceGeneration? _previous;
    private bool _currentInUse;
    private Instant _lastCheck = Instant.Never;

    public IceLiteAgent(IceCredentials local, IceCredentials remote) => _current = new IceGeneration(local, remote);

    public IceState State { get; private set; }

    public IceCredentials Local => _current.Local;

    /// <summary>After a restart: ours of before, until the first check with the new ones. A loop that routes by fragment routes this one too.</summary>
    public IceCredentials? PreviousLocal => _previous?.Local;

    /// <summary>Where our packets go; null until the first check.</summary>
    public RemoteAddress? Selected { get; private set; }

    /// <summary>Counts changes of <see cref="Selected"/>.</summary>
    public int SelectedVersion { get; private set; }

    /// <summary>Addresses from which media is accepted.</summary>
    public ReadOnlySpan<RemoteAddress> Tuples => _tuples.Addresses;

    /// <summary>Counts changes of <see cref="Tuples"/>, so that a loop that routes by address keeps its table right.</summary>
    public int TuplesVersion { get; private set; }

    /// <summary>Next time at which <see cref="Advance"/> may change something; media that comes before it moves it.</summary>
    public Instant NextDeadline
    {
        get
        {
            var consent = State == IceState.Connected ? _lastCheck + ConsentLifetime : Instant.Never;
            return Instant.Min(consent, _tuples.OldestCheck(Selected) + TupleLifetime);
        }
    }

    /// <summary>Reads our fragment out of a check that came from an unknown address. Nothing is verified yet.</summary>
    public static bool TryReadUserFragment(ReadOnlySpan<byte> stun, out ReadOnlySpan<byte> localFragment)
    {
        localFragment = default;
        if (!StunMessage.TryParse(stun, out var message) || message.Class != StunClass.Request || !message.TryFind(StunAttribute.UserName, out var userName))
            return false;
        var colon = userName.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        localFragment = userName[..colon];
        return true;
    }

    public bool IsValidated(in RemoteAddress from) => _tuples.Contains(from);

    /// <summary>An authentic check came from there at this very time.</summary>
    public bool WasChecked(in RemoteAddress from, Instant now) => _tuples.TryGetLastCheck(from, out var at) && at == now;

    /// <summary>Our packets go there, and the peer was heard since.</summary>
    public bool IsInUse(in RemoteAddress address, Instant since) => Selected == address && _lastCheck > since;

    /// <param name="response">At least <see cref="MaxResponseLength"/> bytes.</param>
    /// <param name="responseLength">Bytes that are to be sent back to <paramref name="from"/>; 0: nothing.</param>
    public IceVerdict Receive(ReadOnlySpan<byte> stun, in RemoteAddress from, Instant now, Span<byte> response, out int responseLength)
    {
        responseLength = 0;
        if (!StunMessage.TryParse(stun, out var message))
            return IceVerdict.Malformed;
        if (message.Class != StunClass.Request || message.Method != StunMessage.BindingMethod)
            return IceVerdict.Ignored;
        if (Authenticate(message) is not { } generation)
            return IceVerdict.Unauthenticated;

        Span<ushort> unknown = stackalloc ushort[MaxUnknownAttributes];
        var unknownCount = message.FindUnknownRequired(unknown);
        if (unknownCount > 0)
        {
            responseLength = WriteError(420, unknown[..unknownCount], message, generation, response);
            return IceVerdict.Refused;
        }

        // A lite agent stays controlled (RFC 8445, 6.1.1); the peer changes its role on this answer (7.2.5.1).
        if (message.TryFind(StunAttribute.IceControlled, out _))
        {
            responseLength = WriteError(487, [], message, generation, response);
            return IceVerdict.Refused;
        }

        Accept(from, now, generation, message.TryFind(StunAttribute.UseCandidate, out _));
        responseLength = WriteSuccess(message, from, generation, response);
        return IceVerdict.Accepted;
    }

    /// <summary>
    /// A packet of media or a report came whose tag proves that the peer sent it, from an address that is validated. Counts as a sign of life like a check: libnice without
    /// consent freshness (GStreamer's webrtcbin, measured) sends no checks after the first seconds, only indications that nobody can verify.
    /// </summary>
    public void Confirm(Instant now)
    {
        _lastCheck = now;
        State = IceState.Connected;
    }

    /// <summary>Lets consent and addresses expire.</summary>
    public IceState Advance(Instant now)
    {
        if (State == IceState.Connected && now - _lastCheck >= ConsentLifetime)
            State = IceState.Disconnected;
        if (_tuples.Expire(now - TupleLifetime, Selected))
            TuplesVersion++;
        return State;
    }

    /// <summary>
    /// ICE restart (RFC 8445, 2.4): addresses and state stay as they are until the peer checks with the new credentials; until then the old ones count too, since
    /// the peer learns the new ones later than we do.
    /// </summary>
    public void Restart(IceCredentials local, IceCredentials remote)
    {
        // The generation that the peer uses is kept; one that it has never used, and that was already replaced, is not.
        if (_currentInUse || _previous is null)
        {
            _previous?.Dispose();
            _previous = _current;
        }
        else
        {
            _current.Dispose();
        }

        _current = new IceGeneration(local, remote);
        _currentInUse = false;
    }

    /// <summary>An address is no more: its TCP connection ended.</summary>
    public void Forget(in RemoteAddress address)
    {
        if (_tuples.Remove(address))
            TuplesVersion++;
        if (Selected == address)
            Select(_tuples.Newest());
    }

    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
        _previous = null;
    }

    /// <summary>Cheapest first: a flood of guesses costs a comparison each, and only who knows both fragments makes us compute a hash.</summary>
    private IceGeneration? Authenticate(in StunMessage message)
    {
        if (!message.HasIntegrity || !message.HasFingerprint || !message.TryFind(StunAttribute.UserName, out var userName))
            return null;
        var generation = _current.IsUserName(userName) ? _current : _previous is not null && _previous.IsUserName(userName) ? _previous : null;
        return generation is not null && message.VerifyFingerprint() && message.VerifyIntegrity(generation.Key) ? generation : null;
    }

    private void Accept(in RemoteAddress from, Instant now, IceGeneration generation, bool useCandidate)
    {
        if (generation == _current)
        {
            _currentInUse = true;
            _previous?.Dispose();
            _previous = null;
        }

        var selectedIsSilent = Selected is not { } selected || (_tuples.TryGetLastCheck(selected, out var checkedAt) && now - checkedAt >= SilenceBeforeSwitch);
        if (useCandidate || selectedIsSilent)
            Select(from);
        if (_tuples.Touch(from, now, Selected))
            TuplesVersion++;
        _lastCheck = now;
        State = IceState.Connected;
    }

    private void Select(RemoteAddress? address)
    {
        if (Selected == address)
            return;
        Selected = address;
        SelectedVersion++;
    }

    private static int WriteSuccess(in StunMessage request, in RemoteAddress from, IceGeneration generation, Span<byte> response)
    {
        var writer = new StunMessageWriter(response, StunClass.Success, request.TransactionId);
        writer.WriteXorMappedAddress(from);
        writer.WriteIntegrity(generation.Key);
        writer.WriteFingerprint();
        return writer.Length;
    }

    private static int WriteError(int code, ReadOnlySpan<ushort> unknown, in StunMessage request, IceGeneration generation, Span<byte> response)
    {
        var writer = new StunMessageWriter(response, StunClass.Error, request.TransactionId);
        writer.WriteErrorCode(code);
        if (!unknown.IsEmpty)
            writer.WriteUnknownAttributes(unknown);
        writer.WriteIntegrity(generation.Key);
        writer.WriteFingerprint();
        return writer.Length;
    }
}
