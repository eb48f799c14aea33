using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>ICE-TCP, the active side (RFC 6544): one connection, datagrams framed by their length (RFC 4571).</summary>
internal sealed class TcpPeerTransport : IPeerTransport
{
    private const int LengthBytes = 2;

    // A quarter of a second of 2 Mbit/s: then the way is too slow and media are dropped as a browser drops them.
    private const int MaxUnsentBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly byte[] _unsent = new byte[MaxUnsentBytes];
    private readonly byte[] _received = new byte[64 * 1024 + LengthBytes];
    private int _unsentLength;
    private int _receivedLength;
    private bool _sendsNoMore;
    private bool _ended;

    private TcpPeerTransport(Socket socket, RemoteAddress address)
    {
        _socket = socket;
        Candidates = [address];
    }

    public IReadOnlyList<RemoteAddress> Candidates { get; }

    public long SendFailureCount { get; private set; }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<TcpPeerTransport> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            socket.Blocking = false;
            return new TcpPeerTransport(socket, RemoteAddress.From(endPoint, TransportKind.Tcp, streamId: 1));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        Flush();
        if (_sendsNoMore || _ended || _unsentLength + LengthBytes + datagram.Length > MaxUnsentBytes)
        {
            SendFailureCount++;
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_unsent.AsSpan(_unsentLength), (ushort)datagram.Length);
        datagram.CopyTo(_unsent.AsSpan(_unsentLength + LengthBytes));
        _unsentLength += LengthBytes + datagram.Length;
        Flush();
    }

    public bool TryReceive(Span<byte> buffer, out int length, out RemoteAddress from)
    {
        from = Candidates[0];
        Flush();
        if (TryTakeFrame(buffer, out length))
            return true;
        if (_ended)
            return false;
        var read = _socket.Receive(_received.AsSpan(_receivedLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return false;
        if (error != SocketError.Success || read == 0)
        {
            _ended = true;
            return false;
        }

        _receivedLength += read;
        return TryTakeFrame(buffer, out length);
    }

    public bool TryRebind() => false;

    public void Dispose() => _socket.Dispose();

    private bool TryTakeFrame(Span<byte> buffer, out int length)
    {
        length = 0;
        if (_receivedLength < LengthBytes)
            return false;
        var frame = BinaryPrimitives.ReadUInt16BigEndian(_received);
        if (_receivedLength < LengthBytes + frame)
            return false;
        length = Math.Min(frame, buffer.Length);
        _received.AsSpan(LengthBytes, length).CopyTo(buffer);
        _receivedLength -= LengthBytes + frame;
        _received.AsSpan(LengthBytes + frame, _receivedLength).CopyTo(_received);
        return true;
    }

    private void Flush()
    {
        if (_sendsNoMore || _unsentLength == 0)
            return;
        var sent = _socket.Send(_unsent.AsSpan(0, _unsentLength), SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            // What the server said before it went away can still be read: its goodbye.
            _sendsNoMore = true;
        if (error != SocketError.Success || sent <= 0)
            return;
        _unsentLength -= sent;
        _unsent.AsSpan(sent, _unsentLength).CopyTo(_unsent);
    }
}
