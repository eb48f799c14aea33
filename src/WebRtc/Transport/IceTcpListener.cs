using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// ICE-TCP, passive (RFC 6544), for networks that block UDP. What the connections carry are datagrams that go through the same loop; reads are asynchronous here, since a blocked
/// UDP is rare and a thread a connection would not be. Nobody gets more than a few seconds, and no more connections than a cap, without an authenticated check.
/// </summary>
internal sealed class IceTcpListener : IAsyncDisposable
{
    // Two reads of every connection at once.
    private const int MaxQueued = 512;

    private const int Backlog = 128;

    private readonly Socket _listener;
    private readonly RtcOptions _options;
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, (IceTcpConnection Connection, Task Run)> _connections = new();
    private readonly AddressGate _gate;
    private readonly Channel<TcpDatagram> _inbound = Channel.CreateBounded<TcpDatagram>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly Task _accepting;
    private long _lastId;

    private IceTcpListener(Socket listener, RtcOptions options, TimeProvider time, Action wake)
    {
        _listener = listener;
        _options = options;
        _time = time;
        _wake = wake;
        _gate = new AddressGate(options.MaxTcpConnections, options.MaxTcpConnectionsPerAddress);
        Local = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    public IPEndPoint Local { get; }

    /// <summary>What came in; the loop's thread reads it.</summary>
    public ChannelReader<TcpDatagram> Inbound => _inbound.Reader;

    public int ConnectionCount => _gate.Count;

    public long RefusedCount => _gate.PutOffCount;

    /// <exception cref="SocketException">The port is taken.</exception>
    public static IceTcpListener Start(IPEndPoint local, RtcOptions options, TimeProvider time, Action wake)
    {
        var listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                listener.DualMode = true;
            listener.Bind(local);
            listener.Listen(Backlog);
            return new IceTcpListener(listener, options, time, wake);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        if (_connections.TryGetValue(to.StreamId, out var found))
            found.Connection.Send(datagram);
    }

    /// <summary>Of a UDP address nothing is done: its stream is 0, and ours count from 1.</summary>
    public void Authenticated(in RemoteAddress address)
    {
        if (_connections.TryGetValue(address.StreamId, out var found))
            found.Connection.Authenticated();
    }

    public void Close(in RemoteAddress address)
    {
        if (_connections.TryGetValue(address.StreamId, out var found))
            found.Connection.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _inbound.Writer.TryComplete();
        await Task.WhenAll(_connections.Values.Select(c => c.Run));
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Take(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer was gone before it was accepted, or there are no handles left; the next one may have more luck.
                if (_stopping.IsCancellationRequested)
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(Socket socket)
    {
        if (!TryRead(socket, out var remote) || RemoteAddress.From(remote, TransportKind.Tcp, ++_lastId) is var from && !_gate.TryEnter(from))
        {
            socket.Dispose();
            return;
        }

        var connection = new IceTcpConnection(socket, from, _inbound.Writer, _wake, TimeSpan.FromSeconds(_options.TcpAuthenticationSeconds), _time);

        // Registered before it runs, so that it finds itself when it ends at once.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[from.StreamId] = (connection, RunAsync(connection, started.Task));
        started.SetResult();
    }

    /// <summary>False where the peer was gone before it was accepted.</summary>
    private static bool TryRead(Socket socket, out IPEndPoint remote)
    {
        remote = null!;
        try
        {
            socket.NoDelay = true;
            if (socket.RemoteEndPoint is not IPEndPoint found)
                return false;
            remote = found;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task RunAsync(IceTcpConnection connection, Task started)
    {
        await started;
        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        finally
        {
            _connections.TryRemove(connection.From.StreamId, out _);
            connection.Dispose();
            _gate.Leave(connection.From);
        }
    }
}
