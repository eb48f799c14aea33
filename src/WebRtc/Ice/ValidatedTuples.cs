namespace MediaScore.WebRtc.Ice;

/// <summary>
/// The addresses from which a peer has proven that it knows our password, with the time of its last check there. A peer has few networks; whoever shows more makes
/// us forget the one that was silent longest, never the selected one.
/// </summary>
internal sealed class ValidatedTuples
{
    /// <summary>mediasoup's number: Wi-Fi and cellular, IPv4 and IPv6, UDP and TCP.</summary>
    public const int Capacity = 8;

    private readonly RemoteAddress[] _addresses = new RemoteAddress[Capacity];
    private readonly Instant[] _checkedAt = new Instant[Capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<RemoteAddress> Addresses => _addresses.AsSpan(0, Count);

    public bool Contains(in RemoteAddress address) => Find(address) >= 0;

    /// <summary>Never where it is not known.</summary>
    public bool TryGetLastCheck(in RemoteAddress address, out Instant checkedAt)
    {
        var index = Find(address);
        checkedAt = index < 0 ? default : _checkedAt[index];
        return index >= 0;
    }

    /// <returns>Whether the set of addresses is another one now.</returns>
    public bool Touch(in RemoteAddress address, Instant now, RemoteAddress? keep)
    {
        var index = Find(address);
        var changed = index < 0;
        if (changed)
        {
            index = Count < Capacity ? Count++ : FindOldest(keep);
            _addresses[index] = address;
        }

        _checkedAt[index] = now;
        return changed;
    }

    public bool Remove(in RemoteAddress address)
    {
        var index = Find(address);
        if (index < 0)
            return false;
        RemoveAt(index);
        return true;
    }

    /// <summary>Forgets what had no check since <paramref name="before"/>.</summary>
    public bool Expire(Instant before, RemoteAddress? keep)
    {
        var changed = false;
        for (var index = Count - 1; index >= 0; index--)
        {
            if (_checkedAt[index] > before || _addresses[index] == keep)
                continue;
            RemoveAt(index);
            changed = true;
        }

        return changed;
    }

    /// <summary>The one with the latest check.</summary>
    public RemoteAddress? Newest()
    {
        RemoteAddress? newest = null;
        var at = new Instant(long.MinValue);
        for (var index = 0; index < Count; index++)
        {
            if (_checkedAt[index] < at)
                continue;
            newest = _addresses[index];
            at = _checkedAt[index];
        }

        return newest;
    }

    /// <summary>Last check of the one that would expire first; Never where there is none.</summary>
    public Instant OldestCheck(RemoteAddress? keep)
    {
        var oldest = Instant.Never;
        for (var index = 0; index < Count; index++)
        {
            if (_addresses[index] != keep)
                oldest = Instant.Min(oldest, _checkedAt[index]);
        }

        return oldest;
    }

    private int FindOldest(RemoteAddress? keep)
    {
        var oldest = -1;
        for (var index = 0; index < Count; index++)
        {
            if (_addresses[index] != keep && (oldest < 0 || _checkedAt[index] < _checkedAt[oldest]))
                oldest = index;
        }

        return oldest;
    }

    private int Find(in RemoteAddress address) => Addresses.IndexOf(address);

    private void RemoveAt(int index)
    {
        Count--;
        _addresses[index] = _addresses[Count];
        _checkedAt[index] = _checkedAt[Count];
    }
}
