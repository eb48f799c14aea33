using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Srtp;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// DTLS by BouncyCastle. Its <c>Accept</c> blocks and has its own clock, so each handshake has a thread of its own for the few round trips it takes: the one exception to
/// sans I/O. Afterwards records are read on the loop's thread without waiting, for close_notify, alerts and a client that lost our last flight.
/// There is no HelloVerify: ICE has proved where the peer is, and BouncyCastle's <c>DtlsVerifier</c> drops the two-fragment ClientHello that browsers send today.
/// </summary>
internal sealed class BouncyDtlsServer : IDtlsServer
{
    // Crypto without recursion; the default of 8 MiB times 32 would only be address space, but asks for it.
    private const int StackBytes = 256 * 1024;

    // After the handshake: one close_notify, or a flight sent again a few times. More is somebody who wants us busy.
    private const int MaxRecordsPerSecond = 64;

    // ChangeCipherSpec and Finished, and both once more.
    private const int MaxHeldBack = 4;

    private readonly DtlsIdentity _identity;
    private readonly IReadOnlyList<DtlsFingerprint> _fingerprints;
    private readonly AddressGate _gate;
    private readonly TimeSpan _deadline;
    private readonly DtlsLink _link;
    private readonly Action _wake;
    private readonly DtlsFlightOrder _order = new();
    private readonly Queue<byte[]> _heldBack = new();
    private volatile Outcome? _outcome;
    private DtlsTransport? _transport;
    private byte[]? _buffer;
    private Instant _budgetFrom;
    private int _budget = MaxRecordsPerSecond;

    /// <param name="deadline">Longest handshake; the thread ends by it whatever the session does.</param>
    /// <param name="wake">Called on the handshake's thread when <see cref="Advance"/> has something to do.</param>
    public BouncyDtlsServer(DtlsIdentity identity, IReadOnlyList<DtlsFingerprint> fingerprints, AddressGate gate, TimeSpan deadline, Action wake)
    {
        _identity = identity;
        _fingerprints = fingerprints;
        _gate = gate;
        _deadline = deadline;
        _wake = wake;
        _link = new DtlsLink(wake);
    }

    public DtlsState State { get; private set; }

    public SrtpKeys? Keys { get; private set; }

    public void Receive(ReadOnlySpan<byte> datagram, in RemoteAddress from, Instant now)
    {
        while (DtlsRecord.TryRead(ref datagram, out var record))
        {
            if (!record.IsPlausible)
                continue;
            switch (State)
            {
                case DtlsState.New when record.IsClientHello && _gate.TryEnter(from):
                    State = DtlsState.Handshaking;
                    TakeInOrder(record);
                    Start(from);
                    break;
                case DtlsState.Handshaking:
                    TakeInOrder(record);
                    break;
                case DtlsState.Connected when IsOfUse(record) && TryTakeBudget(now):
                    _link.Enqueue(record.Bytes);
                    Poll();
                    break;
            }
        }
    }

    public void Advance(IDtlsOutput output)
    {
        // The outcome is read first: what was sent before it is in the queue by then.
        if (State == DtlsState.Handshaking && _outcome is { } outcome)
        {
            (State, _transport, Keys) = (outcome.Transport is null ? DtlsState.Failed : DtlsState.Connected, outcome.Transport, outcome.Keys);
            if (State == DtlsState.Connected)
                Poll();
        }

        while (_link.TryTakeOutbound(out var datagram))
            output.SendDtls(datagram);
    }

    public void Close(IDtlsOutput output)
    {
        if (State is DtlsState.Closed or DtlsState.Failed)
            return;
        Quietly(static transport => transport.Close());
        _link.Cancel();
        State = DtlsState.Closed;
        while (_link.TryTakeOutbound(out var datagram))
            output.SendDtls(datagram);
    }

    public void Dispose() => _link.Cancel();

    // Each record is read alone, so none rides along with one that is of use. A hello on a live session is somebody else's, or a copy of an old one; alerts without encryption are anybody's.
    private static bool IsOfUse(in DtlsRecord record) => record.ContentType switch
    {
        DtlsRecord.Alert => record.Epoch > 0,
        DtlsRecord.Handshake or DtlsRecord.ChangeCipherSpec => !record.IsClientHello,
        _ => false,
    };

    private void Start(RemoteAddress from)
    {
        try
        {
            new Thread(() => Handshake(from), StackBytes) { IsBackground = true, Name = "dtls-handshake" }.Start();
        }
        catch
        {
            // The system has no thread left: this session fails, and its place must not be lost with it.
            _gate.Leave(from);
            throw;
        }
    }

    private void Handshake(in RemoteAddress from)
    {
        Outcome outcome = new(null, null);
        try
        {
            var server = new DtlsSrtpServer(new BcTlsCrypto(new SecureRandom()), _identity, _fingerprints, _deadline);
            var transport = new DtlsServerProtocol().Accept(server, _link);
            _link.BecomePolled();
            _link.Flush();
            outcome = new Outcome(transport, server.Keys);
        }
#pragma warning disable CA1031 // Whatever a hostile flight makes BouncyCastle throw ends this handshake and nothing else; an exception would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            _link.Flush();
        }
        finally
        {
            _gate.Leave(from);
            _outcome = outcome;
            _wake();
        }
    }

    private void TakeInOrder(in DtlsRecord record)
    {
        if (record is { Epoch: 0, ContentType: not DtlsRecord.ChangeCipherSpec })
        {
            _link.Enqueue(record.Bytes);
            if (record.ContentType != DtlsRecord.Handshake || _order.IsWhole)
                return;
            _order.Add(record.Fragment);
            while (_order.IsWhole && _heldBack.TryDequeue(out var held))
                _link.Enqueue(held);
        }
        else if (_order.IsWhole)
        {
            _link.Enqueue(record.Bytes);
        }
        else if (_heldBack.Count < MaxHeldBack)
        {
            _heldBack.Enqueue(record.Bytes.ToArray());
        }
    }

    private bool TryTakeBudget(Instant now)
    {
        if (now - _budgetFrom >= TimeSpan.FromSeconds(1))
            (_budgetFrom, _budget) = (now, MaxRecordsPerSecond);
        return _budget-- > 0;
    }

    private void Poll()
    {
        _buffer ??= new byte[2048];
        Quietly(transport =>
        {
            // Application data (there are no data channels) is read and forgotten. The link ends this by a timeout when it is empty.
            while (!_link.IsClosed && transport.Receive(_buffer, 1) >= 0)
            {
            }
        });
        if (_link.IsClosed)
            State = DtlsState.Closed;
    }

    private void Quietly(Action<DtlsTransport> step)
    {
        if (_transport is null)
            return;
        try
        {
            step(_transport);
        }
        catch (TlsTimeoutException)
        {
            // Nothing more to read: how the link ends a read without waiting.
        }
        catch (IOException)
        {
            // A fatal alert, or a record that BouncyCastle holds for one: the link is closed and tells.
            _link.Close();
        }
        finally
        {
            _link.Flush();
        }
    }

    private sealed record Outcome(DtlsTransport? Transport, SrtpKeys? Keys);
}
