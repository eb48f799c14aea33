namespace MediaScore.WebRtc.Transport;

/// <summary>
/// How many handshakes may run at once, in all and from one address. Who is put off comes back with the client's next retransmission (RFC 6347, 4.2.4: after a
/// second), so nobody queues here. Thread-safe.
/// </summary>
internal sealed class DtlsHandshakeGate(int limit, int limitPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _byAddress = [];
    private int _count;
    private long _putOff;

    public int Count => Volatile.Read(ref _count);

    public long PutOffCount => Interlocked.Read(ref _putOff);

    public bool TryEnter(UInt128 address)
    {
        lock (_lock)
        {
            var ofAddress = _byAddress.GetValueOrDefault(address);
            if (_count >= limit || ofAddress >= limitPerAddress)
            {
                _putOff++;
                return false;
            }

            _byAddress[address] = ofAddress + 1;
            _count++;
            return true;
        }
    }

    public void Leave(UInt128 address)
    {
        lock (_lock)
        {
            _count--;
            if (--_byAddress[address] is var left && left == 0)
                _byAddress.Remove(address);
        }
    }
}
