using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MediaScore.WebRtc.Transport;

/// <summary>One datagram out of a TCP connection.</summary>
/// <param name="Buffer">Of the shared pool; the loop gives it back. Null: the connection ended.</param>
internal readonly record struct TcpDatagram(RemoteAddress From, byte[]? Buffer, int Length);

/// <summary>One TCP connection of a peer: datagrams behind two bytes of length (RFC 4571, 2).</summary>
internal sealed class IceTcpConnection : IDisposable
{
    // A dozen media packets a read.
    private const int BufferBytes = 16 * 1024;

    // Browsers send what fits 1,500 bytes; a longer frame is not WebRTC.
    private const int MaxFrameBytes = 2048;

    private const int LengthBytes = 2;

    // Some seconds of RTCP for a peer that does not read.
    private const int MaxQueuedSends = 64;

    // A peer is authentic with its first check. Without this bound strangers would fill the queue that all connections share.
    private const int MaxFramesOfStranger = 64;

    // For what is queued when we close: the goodbye takes a round trip, and a peer that reads nothing must not hold the place.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly ChannelWriter<TcpDatagram> _inbound;
    private readonly Action _wake;
    private readonly CancellationTokenSource _end;
    private readonly Channel<byte[]> _outbound = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxQueuedSends) { SingleReader = true });
    private volatile bool _authenticated;
    private volatile bool _closing;
    private int _framesOfStranger;

    public IceTcpConnection(Socket socket, RemoteAddress from, ChannelWriter<TcpDatagram> inbound, Action wake, TimeSpan authenticationLimit, TimeProvider time)
    {
        _socket = socket;
        From = from;
        _inbound = inbound;
        _wake = wake;
        _end = new CancellationTokenSource(authenticationLimit, time);
    }

    public RemoteAddress From { get; }

    /// <summary>A check from here was authentic: the connection may stay.</summary>
    public void Authenticated()
    {
        _authenticated = true;
        EndAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Never waits. What a peer that does not read leaves no room for is lost, like a datagram.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        var frame = new byte[LengthBytes + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
        datagram.CopyTo(frame.AsSpan(LengthBytes));
        _outbound.Writer.TryWrite(frame);
    }

    public void Close()
    {
        // What is queued goes out first: it may be our goodbye.
        _closing = true;
        _outbound.Writer.TryComplete();
        EndAfter(Linger);
    }

    /// <summary>Until either side ends it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, stopping);
        var writer = WriteAsync(either.Token);
        try
        {
            await ReadAsync(either.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // Reset, over its time, or we stop: all the same to the session, which waits for another way.
        }

        _outbound.Writer.TryComplete();
        await _end.CancelAsync();
        await writer;
        _socket.Dispose();
        try
        {
            await _inbound.WriteAsync(new TcpDatagram(From, null, 0), stopping);
            _wake();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            // The loop ends too, and needs not to be told.
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        _socket.Dispose();
    }

    // From the loop's thread, which may find the connection a moment before it is taken off the list.
    private void EndAfter(TimeSpan delay)
    {
        try
        {
            _end.CancelAfter(delay);
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        var filled = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            if (count == 0)
                return;
            filled += count;
            var taken = 0;
            while (filled - taken >= LengthBytes)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(taken));
                if (length > MaxFrameBytes)
                    return;
                if (filled - taken < LengthBytes + length)
                    break;
                if (!_authenticated && ++_framesOfStranger > MaxFramesOfStranger)
                    return;

                // The first byte of a check is below 4 (RFC 7983, 7). What comes before one is lost, like a datagram, and so is what comes after our goodbye.
                if (length > 0 && !_closing && (_authenticated || buffer[taken + LengthBytes] < 4))
                    await HandOnAsync(buffer.AsMemory(taken + LengthBytes, length), cancellation);
                taken += LengthBytes + length;
            }

            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
            _wake();
        }
    }

    // A full queue makes the reader wait, and TCP the peer.
    private async ValueTask HandOnAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        var copy = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(copy);
        var datagram = new TcpDatagram(From, copy, frame.Length);
        if (!_inbound.TryWrite(datagram))
        {
            _wake();
            await _inbound.WriteAsync(datagram, cancellation);
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in _outbound.Reader.ReadAllAsync(cancellation))
            {
                var left = frame.AsMemory();
                while (left.Length > 0)
                    left = left[await _socket.SendAsync(left, cancellation)..];
            }

            // Only our side: a socket that is closed with bytes that nobody read resets the connection, and the peer, which sends media all the time, may never read our goodbye. It
            // closes when it has; where it does not, the reader's time is over soon.
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader sees the same.
        }
    }
}
