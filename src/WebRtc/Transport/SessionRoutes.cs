namespace MediaScore.WebRtc.Transport;

/// <summary>
/// Which session a datagram belongs to: a check by our fragment in it, everything else by where it came from. An address is in here only after an authenticated check from
/// it, eight a session at most, so nobody can fill the table. The loop's thread only.
/// </summary>
internal sealed class SessionRoutes
{
    // Browsers check the pair they use every 2.5 to 5 s, and send media between.
    private static readonly TimeSpan InUse = TimeSpan.FromSeconds(5);

    private readonly Dictionary<RemoteAddress, LoopSession> _byAddress = new(AddressComparer.Instance);
    private readonly Dictionary<string, LoopSession> _byFragment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LoopSession>.AlternateLookup<ReadOnlySpan<char>> _fragments;

    private readonly Action<RemoteAddress> _added;
    private readonly Action<RemoteAddress> _dropped;

    /// <param name="added">An address proved to be a session's.</param>
    /// <param name="dropped">Its session forgot it, or is no more.</param>
    public SessionRoutes(Action<RemoteAddress> added, Action<RemoteAddress> dropped)
    {
        _added = added;
        _dropped = dropped;
        _fragments = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int AddressCount => _byAddress.Count;

    public LoopSession? Find(in RemoteAddress from) => _byAddress.GetValueOrDefault(from);

    /// <param name="fragment">ASCII; ours are of one length, so another length is somebody else's.</param>
    public LoopSession? Find(ReadOnlySpan<byte> fragment)
    {
        Span<char> characters = stackalloc char[64];
        if (fragment.Length > characters.Length)
            return null;
        for (var i = 0; i < fragment.Length; i++)
            characters[i] = (char)fragment[i];
        return _fragments.TryGetValue(characters[..fragment.Length], out var session) ? session : null;
    }

    /// <summary>Brings the routes in step with the session's ICE. Cheap when nothing changed.</summary>
    public void Update(LoopSession session, Instant now)
    {
        var ice = session.Session.Ice;
        if (session.Fragments.Count != (ice.PreviousLocal is null ? 1 : 2) || session.Fragments[0] != ice.Local.UserFragment)
            UpdateFragments(session, ice.Local, ice.PreviousLocal);
        if (session.RoutesVersion == ice.TuplesVersion)
            return;
        session.RoutesVersion = ice.TuplesVersion;
        for (var i = session.Routes.Count - 1; i >= 0; i--)
        {
            if (!ice.Tuples.Contains(session.Routes[i]))
                Drop(session, i);
        }

        foreach (var tuple in ice.Tuples)
        {
            if (session.Routes.Contains(tuple))
                continue;
            session.Routes.Add(tuple);
            Claim(session, tuple, now);
            _added(tuple);
        }
    }

    /// <summary>
    /// An authentic check came from this address. The newest proof counts: a NAT gave a port of one peer to another, or a page was reloaded. But a session that uses the address
    /// keeps it while it is heard: the other one may have written that address on its check only to cut it off.
    /// </summary>
    public void Claim(LoopSession session, in RemoteAddress address, Instant now)
    {
        if (_byAddress.TryGetValue(address, out var owner) && (owner == session || owner.Session.Ice.IsInUse(address, now - InUse)))
            return;
        _byAddress[address] = session;
    }

    public void Remove(LoopSession session)
    {
        for (var i = session.Routes.Count - 1; i >= 0; i--)
            Drop(session, i);
        foreach (var fragment in session.Fragments)
            _byFragment.Remove(fragment);
        session.Fragments.Clear();
    }

    private void UpdateFragments(LoopSession session, IceCredentials current, IceCredentials? previous)
    {
        foreach (var fragment in session.Fragments)
            _byFragment.Remove(fragment);
        session.Fragments.Clear();
        foreach (var credentials in (ReadOnlySpan<IceCredentials?>)[current, previous])
        {
            if (credentials is null)
                continue;
            _byFragment[credentials.UserFragment] = session;
            session.Fragments.Add(credentials.UserFragment);
        }
    }

    private void Drop(LoopSession session, int index)
    {
        var address = session.Routes[index];
        session.Routes.RemoveAt(index);
        if (_byAddress.TryGetValue(address, out var owner) && owner == session)
        {
            _byAddress.Remove(address);
            _dropped(address);
        }
    }

    // Once a packet: the record's own comparer goes through one for each of its five members.
    private sealed class AddressComparer : IEqualityComparer<RemoteAddress>
    {
        public static readonly AddressComparer Instance = new();

        public bool Equals(RemoteAddress x, RemoteAddress y) =>
            x.Address == y.Address && x.Port == y.Port && x.Transport == y.Transport && x.StreamId == y.StreamId && x.ScopeId == y.ScopeId;

        public int GetHashCode(RemoteAddress obj)
        {
            var mixed = (ulong)(obj.Address >> 64) * 31 ^ (ulong)obj.Address ^ (ulong)obj.Port << 40 ^ (ulong)obj.StreamId;
            mixed *= 0x9E3779B97F4A7C15;
            return (int)(mixed >> 32);
        }
    }
}
