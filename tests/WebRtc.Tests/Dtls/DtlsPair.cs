using System.Collections.Concurrent;
using System.Net;
using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Transport;
using Org.BouncyCastle.Tls;

namespace MediaScore.WebRtc.Tests.Dtls;

/// <summary>A client on a thread of its own, the server driven as the loop drives it, and a wire between them that a test can bend.</summary>
internal sealed class DtlsPair : IDtlsOutput, DatagramTransport, IDisposable
{
    private static readonly RemoteAddress ClientAddress = RemoteAddress.From(new IPEndPoint(IPAddress.Loopback, 40000));

    private readonly BlockingCollection<byte[]?> _toServer = new(1000);
    private readonly BlockingCollection<byte[]> _toClient = new(1000);
    private readonly TaskCompletionSource<DtlsTransport> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DtlsClientOptions _options;
    private long _microseconds;

    public DtlsPair(DtlsClientOptions? options = null, Func<DtlsClient, IReadOnlyList<DtlsFingerprint>>? fingerprints = null, AddressGate? gate = null, TimeSpan? deadline = null)
    {
        _options = options ?? new DtlsClientOptions();
        Client = new DtlsClient(_options);
        Gate = gate ?? new AddressGate(4, 4);
        Server = new BouncyDtlsServer(Identity, fingerprints?.Invoke(Client) ?? [Client.Fingerprint()], Gate, deadline ?? TimeSpan.FromSeconds(8), () => _toServer.TryAdd(null));
    }

    public DtlsIdentity Identity { get; } = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));

    public DtlsClient Client { get; }

    public BouncyDtlsServer Server { get; }

    public AddressGate Gate { get; }

    /// <summary>Sees each datagram with its number and gives back what arrives of it.</summary>
    public Func<int, byte[], IEnumerable<byte[]>> ToServer { get; set; } = (_, datagram) => [datagram];

    public Func<int, byte[], IEnumerable<byte[]>> ToClient { get; set; } = (_, datagram) => [datagram];

    public int SentByServer { get; private set; }

    public long BytesByServer { get; private set; }

    private int SentByClient { get; set; }

    /// <summary>Runs until both sides know how it ended.</summary>
    public async Task<DtlsTransport?> HandshakeAsync()
    {
        StartClient();
        while (Server.State is DtlsState.New or DtlsState.Handshaking || !_connected.Task.IsCompleted)
        {
            if (_connected.Task.IsFaulted && Server.State == DtlsState.New)
                break;
            Step(TimeSpan.FromMilliseconds(20));
        }

        return _connected.Task.IsCompletedSuccessfully ? await _connected.Task : null;
    }

    public void StartClient() => new Thread(() =>
    {
        try
        {
            _connected.SetResult(new DtlsClientProtocol().Connect(Client, this));
        }
        catch (Exception exception)
        {
            _connected.SetException(exception);
        }
    })
    { IsBackground = true }.Start();

    public Exception? ClientError => _connected.Task.Exception?.InnerException;

    /// <summary>Takes the next thing that happened, or nothing after the wait.</summary>
    public void Step(TimeSpan wait)
    {
        if (!_toServer.TryTake(out var datagram, wait))
            return;
        if (datagram is not null)
            Feed(datagram);
        Server.Advance(this);
    }

    public void Feed(byte[] datagram) => Server.Receive(datagram, ClientAddress, new Instant(_microseconds += 20_000));

    public void SendDtls(ReadOnlySpan<byte> datagram)
    {
        BytesByServer += datagram.Length;
        foreach (var arrived in ToClient(SentByServer++, datagram.ToArray()))
            _toClient.Add(arrived);
    }

    public void ShouldHaveTheSameKeys()
    {
        var keys = Server.Keys.ShouldNotBeNull();
        byte[] material = [.. keys.ClientKey, .. keys.ServerKey, .. keys.ClientSalt, .. keys.ServerSalt];
        material.ShouldBe(Client.Material);
    }

    public int GetReceiveLimit() => 1500;

    public int GetSendLimit() => _options.MaxDatagram;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        if (!_toClient.TryTake(out var datagram, waitMillis))
            return -1;
        datagram.CopyTo(buffer);
        return datagram.Length;
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer)
    {
        foreach (var arrived in ToServer(SentByClient++, buffer.ToArray()))
            _toServer.Add(arrived);
    }

    public void Close()
    {
    }

    public void Dispose()
    {
        Server.Dispose();
        _ = _connected.Task.Exception;
    }
}
