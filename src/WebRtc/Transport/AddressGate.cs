namespace MediaScore.WebRtc.Transport;

/// <summary>
/// How many of something may be at once, in all and from one network: handshakes, TCP connections. Nobody queues: a DTLS client comes back with its next retransmission
/// (RFC 6347, 4.2.4: after a second), a TCP client with its next try. Thread-safe.
/// </summary>
internal sealed class AddressGate(int limit, int limitPerNetwork)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _byNetwork = [];
    private int _count;
    private long _putOff;

    public int Count => Volatile.Read(ref _count);

    public long PutOffCount => Interlocked.Read(ref _putOff);

    public bool TryEnter(in RemoteAddress from)
    {
        lock (_lock)
        {
            var ofNetwork = _byNetwork.GetValueOrDefault(from.Network);
            if (_count >= limit || ofNetwork >= limitPerNetwork)
            {
                _putOff++;
                return false;
            }

            _byNetwork[from.Network] = ofNetwork + 1;
            _count++;
            return true;
        }
    }

    /// <summary>Once for each time that it was entered.</summary>
    public void Leave(in RemoteAddress from)
    {
        lock (_lock)
        {
            _count--;
            if (--_byNetwork[from.Network] is var left && left == 0)
                _byNetwork.Remove(from.Network);
        }
    }
}
