using System.Net;
using System.Net.Sockets;
using MediaScore.Peers.Network;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>
/// A bad network for peers that nobody here wrote: a UDP port in front of the server's, each client behind it with an emulated way of its own, as behind a NAT.
/// Have the peer send to <see cref="EndPoint"/> instead of the answer's candidate.
/// </summary>
public sealed class UdpRelay : IDisposable
{
    // A browser has one port; a page that reloads has another. More is a mistake.
    private const int MaxClients = 64;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly IPEndPoint _server;
    private readonly PeerNetwork _network;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Socket _front;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Dictionary<RemoteAddress, Client> _clients = [];
    private readonly byte[] _buffer = new byte[2048];
    private volatile bool _stopping;
    private long _lostCount;

    /// <param name="server">On this machine, where the server really listens.</param>
    public UdpRelay(IPEndPoint server, PeerNetwork network, TimeProvider time)
    {
        (_server, _network, _time, _start) = (server, network, time, time.GetTimestamp());
        _front = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _front.Bind(new IPEndPoint(server.Address, 0));
        EndPoint = (IPEndPoint)_front.LocalEndPoint!;
        _thread = new Thread(Run) { IsBackground = true, Name = "udp relay" };
        _thread.Start();
    }

    /// <summary>Where clients send to.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Datagrams that the emulated network lost, both ways.</summary>
    public long LostCount => Interlocked.Read(ref _lostCount);

    private Instant Now => new(_time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond);

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _front.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            TakeFromClients();
            foreach (var client in _clients.Values)
                client.Step(_front, _buffer, Now);
            Interlocked.Exchange(ref _lostCount, _clients.Values.Sum(client => client.LostCount));
            _wake.WaitOne(Tick);
        }

        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private void TakeFromClients()
    {
        while (_front.Available > 0)
        {
            EndPoint from = new IPEndPoint(_server.Address, 0);
            var length = _front.ReceiveFrom(_buffer, ref from);
            var address = RemoteAddress.From((IPEndPoint)from);
            if (!_clients.TryGetValue(address, out var client))
            {
                if (_clients.Count >= MaxClients)
                    continue;
                client = new Client((IPEndPoint)from, _server, _network with { Seed = _network.Seed + (2 * _clients.Count) });
                _clients.Add(address, client);
            }

            client.Up.Send(_buffer.AsSpan(0, length), address, Now);
        }
    }

    private sealed class Client : IDisposable
    {
        private readonly IPEndPoint _endPoint;
        private readonly Socket _back;
        private readonly NetworkEmulator _down;

        public Client(IPEndPoint endPoint, IPEndPoint server, PeerNetwork network)
        {
            _endPoint = endPoint;
            Up = new NetworkEmulator(network.Uplink, network.Seed);
            _down = new NetworkEmulator(network.Downlink, network.Seed + 1);
            _back = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            _back.Connect(server);
        }

        public NetworkEmulator Up { get; }

        public long LostCount => Up.LostCount + _down.LostCount;

        public void Step(Socket front, byte[] buffer, Instant now)
        {
            while (Up.TryReceive(now, buffer, out var length, out _))
                _back.Send(buffer.AsSpan(0, length), SocketFlags.None, out _);
            while (_back.Receive(buffer, SocketFlags.None, out var error) is var length && error == SocketError.Success && length > 0)
                _down.Send(buffer.AsSpan(0, length), default, now);
            while (_down.TryReceive(now, buffer, out var length, out _))
                front.SendTo(buffer.AsSpan(0, length), SocketFlags.None, _endPoint);
        }

        public void Dispose() => _back.Dispose();
    }
}
