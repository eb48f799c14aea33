using Org.BouncyCastle.Tls;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// Between the loop, which has datagrams, and BouncyCastle, which blocks until it gets one. Both directions are bounded; what doesn't fit is dropped like
/// any lost datagram. The handshake's thread uses it as a transport; afterwards the loop does.
/// </summary>
internal sealed class DtlsLink(Action wake) : DatagramTransport
{
    // Two fragments of a ClientHello, five messages of the next flight, and each of them sent again.
    private const int MaxInbound = 32;

    // A flight of ours is one or two datagrams; ten retransmissions of it.
    private const int MaxOutbound = 32;

    // What fits every path without fragmentation (IPv6: 1280 less 48), less what TURN and a tunnel add.
    private const int MaxDatagram = 1200;

    // Browsers send up to 1,461 bytes in one datagram; an Ethernet frame holds 1,500.
    private const int MaxReceived = 2048;

    private readonly object _lock = new();
    private readonly Queue<byte[]> _inbound = new();
    private readonly Queue<byte[]> _outbound = new();
    private readonly byte[] _flight = new byte[MaxDatagram];
    private int _flightLength;
    private bool _closed;
    private bool _polled;

    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _closed;
        }
    }

    public void Enqueue(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > MaxReceived)
            return;
        lock (_lock)
        {
            if (_closed || _inbound.Count == MaxInbound)
                return;
            _inbound.Enqueue(datagram.ToArray());
            Monitor.Pulse(_lock);
        }
    }

    public bool TryTakeOutbound(out byte[] datagram)
    {
        lock (_lock)
            return _outbound.TryDequeue(out datagram!);
    }

    /// <summary>From now on nobody waits: an empty queue ends a read at once.</summary>
    public void BecomePolled()
    {
        lock (_lock)
            _polled = true;
    }

    /// <summary>Ends a read that waits, and all later ones.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    public int GetReceiveLimit()
    {
        // BouncyCastle's read loop turns on the spot until its wait, at least one millisecond, is over. Its transport's timeouts are swallowed there, except here,
        // where the loop asks for the limit before each read.
        lock (_lock)
            return _polled && _inbound.Count == 0 ? throw new TlsTimeoutException() : MaxReceived;
    }

    public int GetSendLimit() => MaxDatagram;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        Flush();
        lock (_lock)
        {
            if (_inbound.Count == 0 && !_polled && !_closed)
                Monitor.Wait(_lock, waitMillis);
            if (_closed)
                throw new IOException("The session is over.");
            if (!_inbound.TryDequeue(out var datagram))
                return -1;
            if (datagram.Length > buffer.Length)
                return -1;
            datagram.CopyTo(buffer);
            return datagram.Length;
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    /// <summary>Packs the records of a flight into as few datagrams as they fit: fewer to lose, and ChangeCipherSpec and Finished cannot change places.</summary>
    public void Send(ReadOnlySpan<byte> buffer)
    {
        if (_flightLength + buffer.Length > MaxDatagram)
            Flush();
        if (buffer.Length > MaxDatagram)
            return;
        buffer.CopyTo(_flight.AsSpan(_flightLength));
        _flightLength += buffer.Length;
    }

    /// <summary>BouncyCastle is done with us: after close_notify of either side, or a failure.</summary>
    public void Close()
    {
        Flush();
        Cancel();
    }

    public void Flush()
    {
        if (_flightLength == 0)
            return;
        var flight = _flight.AsSpan(0, _flightLength).ToArray();
        _flightLength = 0;
        lock (_lock)
        {
            if (_outbound.Count < MaxOutbound)
                _outbound.Enqueue(flight);
        }

        wake();
    }
}
