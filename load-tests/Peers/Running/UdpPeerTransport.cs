using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>
/// One connected socket a candidate: a connected socket tells "nothing there" by a code; an unconnected one would throw for it 200 times a second a sender.
/// </summary>
internal sealed class UdpPeerTransport : IPeerTransport
{
    private readonly IReadOnlyList<IPEndPoint> _endPoints;
    private readonly Socket[] _sockets;

    public UdpPeerTransport(IReadOnlyList<IPEndPoint> endPoints)
    {
        _endPoints = endPoints;
        Candidates = [.. endPoints.Select(endPoint => RemoteAddress.From(endPoint))];
        _sockets = [.. endPoints.Select(Open)];
    }

    public IReadOnlyList<RemoteAddress> Candidates { get; }

    public long SendFailureCount { get; private set; }

    public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            if (Candidates[i] != to)
                continue;
            _sockets[i].Send(datagram, SocketFlags.None, out var error);
            if (error != SocketError.Success)
                SendFailureCount++;
            return;
        }
    }

    public bool TryReceive(Span<byte> buffer, out int length, out RemoteAddress from)
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            length = _sockets[i].Receive(buffer, SocketFlags.None, out var error);
            if (error != SocketError.Success || length == 0)
                continue;
            from = Candidates[i];
            return true;
        }

        length = 0;
        from = default;
        return false;
    }

    public bool TryRebind()
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i].Dispose();
            _sockets[i] = Open(_endPoints[i]);
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private static Socket Open(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Connect(endPoint);
        return socket;
    }
}
