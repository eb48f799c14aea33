using MediaScore.WebRtc.Srtp;
using Org.BouncyCastle.Tls;

namespace MediaScore.Peers.Dtls;

internal enum DtlsPeerState : byte
{
    New,
    Handshaking,
    Connected,
    Failed,

    /// <summary>The server said close_notify or a fatal alert, or we closed.</summary>
    Closed,
}

/// <summary>
/// DTLS client behind queues: datagrams in, datagrams out. BouncyCastle's handshake blocks, so it has a thread of its own for its duration. Its resend timer is
/// the real clock's, the only one here. Afterwards everything happens on the caller's thread.
/// </summary>
internal sealed class DtlsPeer(PeerIdentity identity, DtlsPeerOptions options, byte[]? serverSha256) : IDisposable
{
    // Two flights with resends; more is a flood.
    private const int MaxQueuedDatagrams = 64;

    // Handshakes recurse little; a hundred senders start at once.
    private const int ThreadStackBytes = 512 * 1024;

    private readonly Lock _stateLock = new();
    private readonly Pipe _pipe = new(options.MaxRecordBytes);
    private readonly byte[] _application = new byte[2048];
    private DtlsTransport? _transport;
    private SrtpKeys? _keys;
    private DtlsPeerState _state;

    public DtlsPeerState State
    {
        get
        {
            lock (_stateLock)
                return _state;
        }
    }

    /// <summary>Set from <see cref="DtlsPeerState.Connected"/> on.</summary>
    public SrtpKeys? Keys
    {
        get
        {
            lock (_stateLock)
                return _keys;
        }
    }

    /// <summary>What the handshake failed by; for messages.</summary>
    public string? Error { get; private set; }

    public void Start()
    {
        lock (_stateLock)
        {
            if (_state != DtlsPeerState.New)
                return;
            _state = DtlsPeerState.Handshaking;
        }

        new Thread(Handshake, ThreadStackBytes) { IsBackground = true, Name = "dtls client" }.Start();
    }

    /// <summary>A datagram whose first byte is 20 to 63 (RFC 7983).</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        _pipe.Put(datagram);
        if (State != DtlsPeerState.Connected)
            return;
        try
        {
            // Resent last flights and alerts; 1 ms, since 0 means for ever, and the pipe never waits now.
            while (_pipe.HasInput)
                _transport!.Receive(_application, 0, _application.Length, 1);
        }
        catch (IOException)
        {
            // TlsFatalAlertReceived, TlsTimeoutException and a plain end alike.
            Enter(DtlsPeerState.Closed);
        }

        if (_pipe.Closed)
            Enter(DtlsPeerState.Closed);
    }

    /// <summary>Takes the next datagram to send.</summary>
    public bool TryTakeOutput(Span<byte> buffer, out int length) => _pipe.TryTakeOutput(buffer, out length);

    /// <summary>Blocks until the handshake wants input that is not there, or is over: then all its output is in the queue. For tests with a virtual clock.</summary>
    public bool WaitUntilIdle(TimeSpan limit) => _pipe.WaitUntilIdle(limit);

    /// <summary>Sends close_notify where there is a connection.</summary>
    public void Close()
    {
        if (State == DtlsPeerState.Connected)
        {
            try
            {
                _transport!.Close();
            }
            catch (IOException)
            {
                // Already closed by the other side.
            }
        }

        _pipe.Abort();
        Enter(DtlsPeerState.Closed);
    }

    public void Dispose() => Close();

    private void Handshake()
    {
        options.ThreadBegan?.Invoke();
        var client = new DtlsPeerClient(identity, options, serverSha256);
        try
        {
            _transport = new DtlsClientProtocol().Connect(client, _pipe);
            _pipe.StopWaiting();
            lock (_stateLock)
            {
                _keys = client.Keys;
                _state = _state == DtlsPeerState.Handshaking ? DtlsPeerState.Connected : _state;
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or ArgumentException)
        {
            Error = error.Message;
            Enter(DtlsPeerState.Failed);
        }

        _pipe.StopWaiting();
    }

    private void Enter(DtlsPeerState state)
    {
        lock (_stateLock)
        {
            if (_state is not (DtlsPeerState.Failed or DtlsPeerState.Closed))
                _state = state;
        }
    }

    /// <summary>BouncyCastle's view of the network: two bounded queues. Only the handshake's thread waits.</summary>
    private sealed class Pipe(int maxRecordBytes) : DatagramTransport
    {
        private readonly object _gate = new(); // Monitor's Wait and Pulse need an object, not a Lock.
        private readonly Queue<byte[]> _input = new();
        private readonly Queue<byte[]> _output = new();
        private bool _waits = true;
        private bool _idle;

        public bool Closed { get; private set; }

        public bool HasInput
        {
            get
            {
                lock (_gate)
                    return _input.Count > 0;
            }
        }

        public int GetReceiveLimit() => 1500;

        public int GetSendLimit() => maxRecordBytes;

        public void Put(ReadOnlySpan<byte> datagram)
        {
            lock (_gate)
            {
                if (_input.Count >= MaxQueuedDatagrams)
                    return;
                _input.Enqueue(datagram.ToArray());
                _idle = false;
                Monitor.PulseAll(_gate);
            }
        }

        public bool TryTakeOutput(Span<byte> buffer, out int length)
        {
            lock (_gate)
            {
                length = 0;
                if (!_output.TryDequeue(out var datagram))
                    return false;
                datagram.CopyTo(buffer);
                length = datagram.Length;
                return true;
            }
        }

        public bool WaitUntilIdle(TimeSpan limit)
        {
            lock (_gate)
            {
                while (_waits && !_idle)
                {
                    if (!Monitor.Wait(_gate, limit))
                        return false;
                }

                return true;
            }
        }

        public void StopWaiting()
        {
            lock (_gate)
            {
                _waits = false;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>Ends a handshake that waits.</summary>
        public void Abort()
        {
            lock (_gate)
            {
                Closed = true;
                _waits = false;
                Monitor.PulseAll(_gate);
            }
        }

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            lock (_gate)
            {
                if (_input.Count == 0 && _waits)
                {
                    _idle = true;
                    Monitor.PulseAll(_gate);
                    while (_input.Count == 0 && _waits)
                    {
                        if (!Monitor.Wait(_gate, waitMillis > 0 ? waitMillis : Timeout.Infinite))
                            break;
                    }

                    _idle = false;
                }

                if (Closed)
                    throw new TlsTimeoutException("closed");
                if (!_input.TryDequeue(out var datagram))
                    return -1;
                var length = Math.Min(datagram.Length, buffer.Length);
                datagram.AsSpan(0, length).CopyTo(buffer);
                return length;
            }
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer)
        {
            lock (_gate)
            {
                if (_output.Count < MaxQueuedDatagrams)
                    _output.Enqueue(buffer.ToArray());
            }
        }

        public void Close()
        {
            lock (_gate)
                Closed = true;
        }
    }
}
