using MediaScore.WebRtc;

namespace MediaScore.Peers.Network;

/// <summary>
/// One direction of a network: datagrams go in with a time, and come out when they are due, or never. Same seed, same input: same output. Has no clock of its
/// own: drive it by a virtual one, or in front of a socket by the real one. Not thread safe.
/// </summary>
internal sealed class NetworkEmulator(NetworkConditions conditions, int seed)
{
    // A second of 100 Mbit/s in full datagrams; more would be a leak, not a network.
    private const int MaxInFlight = 8192;

    private Random _random = new(seed);
    private readonly PriorityQueue<Parcel, (long At, long Order)> _inFlight = new();
    private readonly Stack<byte[]> _spare = new();
    private Instant? _began;
    private Instant _lastDelivery;
    private Instant _rateFreeAt;
    private bool _inBurst;
    private long _order;

    private readonly record struct Parcel(byte[] Buffer, int Length, RemoteAddress Address);

    /// <summary>May change while datagrams are under way: from the next one on.</summary>
    public NetworkConditions Conditions { get; set; } = conditions;

    /// <summary>When the next datagram comes out.</summary>
    public Instant NextDelivery => _inFlight.TryPeek(out _, out var priority) ? new Instant(priority.At) : Instant.Never;

    public long SentCount { get; private set; }

    public long LostCount { get; private set; }

    public long DuplicatedCount { get; private set; }

    public long DeliveredCount { get; private set; }

    /// <param name="address">Handed out with the datagram: where it goes to, or where it came from.</param>
    public void Send(ReadOnlySpan<byte> datagram, in RemoteAddress address, Instant now)
    {
        _began ??= now;
        SentCount++;
        if (IsOut(now) || IsLost() || !TryPassRate(datagram.Length, now, out var leaves))
        {
            LostCount++;
            return;
        }

        var due = leaves + Conditions.Delay + Conditions.Jitter * _random.NextDouble();
        if (Chance(Conditions.ReorderPercent))
            due += Conditions.ReorderDelay;
        else if (Conditions.KeepsOrder)
            due = Instant.Max(due, _lastDelivery);
        _lastDelivery = Instant.Max(_lastDelivery, due);
        Enqueue(datagram, address, due);
        if (Chance(Conditions.DuplicatePercent))
        {
            DuplicatedCount++;
            Enqueue(datagram, address, due + Conditions.ReorderDelay * _random.NextDouble());
        }
    }

    /// <summary>Begins anew: outages count from here, and fate is drawn as from the beginning. What is under way stays so.</summary>
    public void Restart(Instant now)
    {
        _began = now;
        _random = new Random(seed);
        _inBurst = false;
    }

    /// <summary>Takes a datagram that is due by now.</summary>
    public bool TryReceive(Instant now, Span<byte> buffer, out int length, out RemoteAddress address)
    {
        length = 0;
        address = default;
        if (NextDelivery > now || !_inFlight.TryDequeue(out var parcel, out _))
            return false;
        length = parcel.Length;
        address = parcel.Address;
        parcel.Buffer.AsSpan(0, length).CopyTo(buffer);
        _spare.Push(parcel.Buffer);
        DeliveredCount++;
        return true;
    }

    /// <summary>Whether nothing passes at this time.</summary>
    public bool IsOut(Instant now)
    {
        if (_began is not { } began)
            return false;
        var since = now - began;
        foreach (var outage in Conditions.Outages)
        {
            if (since >= outage.Start && since < outage.Start + outage.Length)
                return true;
        }

        return false;
    }

    private void Enqueue(ReadOnlySpan<byte> datagram, in RemoteAddress address, Instant due)
    {
        if (_inFlight.Count >= MaxInFlight)
        {
            LostCount++;
            return;
        }

        if (!_spare.TryPop(out var buffer) || buffer.Length < datagram.Length)
            buffer = new byte[Math.Max(1500, datagram.Length)];
        datagram.CopyTo(buffer);
        _inFlight.Enqueue(new Parcel(buffer, datagram.Length, address), (due.Microseconds, _order++));
    }

    /// <summary>Gilbert's two states: in the bad one every datagram is lost. Chosen so that the mean run is LossBurst and the share LossPercent.</summary>
    private bool IsLost()
    {
        var loss = Conditions.LossPercent / 100;
        if (loss <= 0)
            return false;
        if (Conditions.LossBurst <= 1)
            return _random.NextDouble() < loss;
        var leave = 1 / Conditions.LossBurst;
        var enter = Math.Min(1, loss * leave / Math.Max(1e-9, 1 - loss));
        _inBurst = _random.NextDouble() < (_inBurst ? 1 - leave : enter);
        return _inBurst;
    }

    private bool TryPassRate(int length, Instant now, out Instant leaves)
    {
        leaves = now;
        if (Conditions.RateKilobitsPerSecond <= 0)
            return true;
        var begins = Instant.Max(now, _rateFreeAt);
        if (begins - now > Conditions.RateQueue)
            return false;
        // 28 bytes of IPv4 and UDP header are on the wire too.
        leaves = begins + TimeSpan.FromMilliseconds((length + 28) * 8.0 / Conditions.RateKilobitsPerSecond);
        _rateFreeAt = leaves;
        return true;
    }

    private bool Chance(double percent) => percent > 0 && _random.NextDouble() * 100 < percent;
}
