namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// Which packets of a stream are missing, when to ask for them again (RFC 4585, 6.2.1), and when to give them up. Sequence numbers are unwrapped. Allocates
/// only to remember more at once than ever before.
/// </summary>
/// <param name="canAsk">NACK was negotiated; without it packets are waited for only.</param>
/// <param name="hold">Longest wait for a packet.</param>
internal sealed class NackTracker(bool canAsk, TimeSpan hold)
{
    // The first four numbers are mediasoup's (NackGenerator), proven against browsers.
    public const int MaxAge = 10_000;
    public const int MaxPending = 1000;
    public const int MaxAsks = 10;

    /// <summary>How long a packet may be late before it is asked for: re-ordering on a path is shorter, a round trip longer.</summary>
    public static readonly TimeSpan ReorderAllowance = TimeSpan.FromMilliseconds(15);

    // At 20 % loss both ways one packet in 160 needs more requests than these; a new beginning is on its way then before this one is given up.
    private const int DoubtfulAsks = 5;

    // Half a second of pictures: an outage, and what a sender keeps may not reach back to where it began.
    private const int DoubtfulGap = 100;

    // Before the round trip is known: that of a bad mobile path, so that no packet is asked for twice where once was enough.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(500);

    // A path that lost two requests may be out for a while; nobody waits for the packet, so ten requests are spread over the hold. At 20 ms they last 0.9 s.
    public const double Growth = 1.3;

    // Ascending by number, from _head. Longer than needed, so that it is moved to the front seldom.
    private Entry[] _entries = new Entry[64];
    private int _head;
    private bool _doubts;

    /// <summary>Packets missing now.</summary>
    public int Count { get; private set; }

    /// <summary>When the next one has to be asked for. May be early, never late.</summary>
    public Instant NextAsk { get; private set; } = Instant.Never;

    /// <summary>When the oldest missing packet is given up.</summary>
    public Instant GiveUpAt
    {
        get
        {
            if (Count == 0)
                return Instant.Never;
            ref readonly var oldest = ref _entries[_head];
            var patience = oldest.Since + hold;
            return oldest.Asks < MaxAsks ? patience : Instant.Min(patience, oldest.DueAt);
        }
    }

    /// <summary>Between the first two requests for the same packet; each later one waits <see cref="Growth"/> times as long.</summary>
    public TimeSpan Interval { get; private set; } = FirstInterval;

    /// <summary>A sender answers a request for the same packet once in a round trip (libwebrtc), so the next one waits a little longer than that.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
        var interval = roundTripTime * 1.25 + TimeSpan.FromMilliseconds(5);
        Interval = interval < ShortestInterval ? ShortestInterval : interval > LongestInterval ? LongestInterval : interval;
    }

    /// <summary>Packets <paramref name="first"/> to before <paramref name="end"/> did not come, though a later one did.</summary>
    /// <returns>False where that would be more than are kept: nothing is noted, give all of them up.</returns>
    public bool TryAdd(long first, long end, Instant now)
    {
        if (end - first > MaxPending - Count)
            return false;
        _doubts |= end - first >= DoubtfulGap;
        MakeRoom(Count + (int)(end - first));

        for (var sequence = first; sequence < end; sequence++)
            _entries[_head + Count++] = new Entry(sequence, now);
        if (canAsk)
            NextAsk = Instant.Min(NextAsk, now + ReorderAllowance);
        return true;
    }

    /// <summary>A packet came.</summary>
    /// <param name="roundTripTime">From the only request to the packet, where it was asked for exactly once (Karn's rule), else null.</param>
    /// <returns>How often it was asked for; -1 where it was not missing.</returns>
    public int Remove(long sequence, Instant now, out TimeSpan? roundTripTime)
    {
        roundTripTime = null;
        var index = Find(sequence);
        if (index < 0)
            return -1;
        var asks = _entries[index].Asks;
        if (asks == 1)
            roundTripTime = now - _entries[index].AskedAt;
        if (index == _head)
            _head++;
        else
            Array.Copy(_entries, index + 1, _entries, index, _head + Count - index - 1);
        if (--Count == 0)
            NextAsk = Instant.Never;
        return asks;
    }

    /// <summary>Packets below this number are waited for no longer.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveBelow(long sequence)
    {
        var removed = 0;
        while (Count > 0 && _entries[_head].Sequence < sequence)
        {
            _head++;
            Count--;
            removed++;
        }

        if (Count == 0)
            NextAsk = Instant.Never;
        return removed;
    }

    /// <summary>The packets to ask for now, oldest first; call again while it fills <paramref name="sequences"/>.</summary>
    public int TakeDue(Instant now, Span<ushort> sequences)
    {
        if (now < NextAsk)
            return 0;
        var taken = 0;
        var next = Instant.Never;
        for (var index = _head; index < _head + Count; index++)
        {
            ref var entry = ref _entries[index];
            if (entry.Asks == MaxAsks)
                continue;
            if (entry.DueAt <= now && taken < sequences.Length)
            {
                sequences[taken++] = (ushort)entry.Sequence;
                entry.AskedAt = now;
                entry.DueAt = now + Interval * Math.Pow(Growth, entry.Asks++);
                _doubts |= entry.Asks == DoubtfulAsks;
            }

            if (entry.Asks < MaxAsks)
                next = Instant.Min(next, entry.DueAt);
        }

        NextAsk = next;
        return taken;
    }

    /// <summary>Whether it became doubtful, since the last call, that something comes again: pictures should begin anew before it is given up.</summary>
    public bool TakeDoubts()
    {
        var doubts = _doubts;
        _doubts = false;
        return doubts;
    }

    private void MakeRoom(int count)
    {
        if (_head + count <= _entries.Length)
            return;
        var target = 2 * count > _entries.Length ? new Entry[Math.Min(2 * MaxPending, 4 * count)] : _entries;
        _entries.AsSpan(_head, Count).CopyTo(target);
        (_entries, _head) = (target, 0);
    }

    private int Find(long sequence)
    {
        var (low, high) = (_head, _head + Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _entries[middle].Sequence;
            if (found == sequence)
                return middle;
            if (found < sequence)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private struct Entry(long sequence, Instant since)
    {
        public readonly long Sequence = sequence;
        public readonly Instant Since = since;
        public Instant AskedAt;

        /// <summary>The next request; behind the last one, when it is given up.</summary>
        public Instant DueAt = since + ReorderAllowance;

        public int Asks;
    }
}
