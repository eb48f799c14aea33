using System.Net;
using System.Net.Sockets;

namespace MediaScore.ReceivePath;

/// <summary>The bound below us: a thread that takes datagrams off a socket and does nothing with them.</summary>
internal sealed class BareReceive : IDisposable
{
    public const string ThreadName = "bare";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 * 1024 * 1024 };
    private readonly Thread _thread;
    private long _count;
    private long _bytes;

    public BareReceive()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new Thread(Run) { IsBackground = true, Name = ThreadName };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public long Count => Interlocked.Read(ref _count);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose()
    {
        // Ends the read that waits.
        using (var waker = new UdpClient())
            waker.Send([], 0, new IPEndPoint(IPAddress.Loopback, Port));
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (_socket.ReceiveFrom(buffer, SocketFlags.None, from) is var length and > 0)
        {
            _count++;
            _bytes += length;
        }
    }
}
