using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MediaScore.WebRtc.Transport;

internal interface IDatagramTaker
{
    /// <summary>Tells of each datagram of a batch before the first of them is taken, so that what they need can be fetched together.</summary>
    void Expect(int place, ReadOnlySpan<byte> datagram, in RemoteAddress from);

    /// <summary>Takes a datagram, which it may overwrite, for the duration of the call.</summary>
    /// <param name="place">The one in <see cref="Expect"/>; -1 where there was none.</param>
    /// <param name="age">How long ago it came.</param>
    void Take(int place, Span<byte> datagram, in RemoteAddress from, TimeSpan age);
}

/// <summary>
/// The one UDP socket. Waiting and reading are calls of the loop's thread and allocate nothing: <c>ReceiveFromAsync</c> cost ten times as much at 12,000 packets a second (65 % of
/// a core against 6). Datagrams are read in batches where the system can (<see cref="DatagramBatch"/>), else one by one. <see cref="Wake"/> ends a wait from any thread, by an empty
/// datagram to ourselves.
/// </summary>
internal sealed class RtcUdpSocket : IDisposable
{
    // An Ethernet frame holds 1,500 bytes and no browser sends more. What is longer is cut by the kernel and then fails its tag.
    private const int MaxDatagram = 2048;

    // The kernel tells the time by the wall clock. An age above this means that somebody set that clock, not that a datagram lay there.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly Socket _waker;
    private readonly DatagramBatch? _batch;
    private readonly byte[] _single = new byte[MaxDatagram];
    private readonly SocketAddress _from;
    private readonly SocketAddress _to;
    private readonly SocketAddress _self;

    private RtcUdpSocket(Socket socket, TimeProvider time, bool inBatches)
    {
        _time = time;
        _socket = socket;
        _batch = inBatches ? DatagramBatch.TryCreate(socket, MaxDatagram) : null;
        _from = new SocketAddress(socket.AddressFamily);
        _to = new SocketAddress(socket.AddressFamily);
        Local = (IPEndPoint)socket.LocalEndPoint!;

        // An address of the family that the socket has in any case: an IPv6 socket takes IPv4 too, and a machine may have no IPv6 loopback.
        var any = Local.Address.Equals(IPAddress.Any) || Local.Address.Equals(IPAddress.IPv6Any);
        var self = new IPEndPoint(any ? IPAddress.Loopback : Local.Address, Local.Port);
        _self = self.Serialize();
        _waker = new Socket(self.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
    }

    public IPEndPoint Local { get; }

    /// <summary>What the kernel gave, in the unit that it is asked in: Linux doubles the number for its own bookkeeping (socket(7)) and tells the double.</summary>
    public int ReceiveBufferBytes => OperatingSystem.IsLinux() ? _socket.ReceiveBufferSize / 2 : _socket.ReceiveBufferSize;

    /// <summary>Datagrams that could not be sent: no route, no room, not allowed.</summary>
    public long SendFailureCount { get; private set; }

    /// <exception cref="SocketException">The port is taken, or the address is not ours.</exception>
    /// <param name="inBatches">False reads one by one also where batches could be read.</param>
    public static RtcUdpSocket Open(IPEndPoint local, int receiveBufferBytes, TimeProvider time, bool inBatches = true)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = true;
            socket.ReceiveBufferSize = receiveBufferBytes;
            socket.Blocking = false;
            socket.Bind(local);
            return new RtcUdpSocket(socket, time, inBatches);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Blocks until there is a datagram or the time is over.</summary>
    public bool Wait(TimeSpan limit)
    {
        try
        {
            return _socket.Poll(limit, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            // A signal; whoever waits looks again anyway.
            return false;
        }
    }

    /// <summary>Reads what there is, as much as one batch takes, without waiting.</summary>
    /// <returns>How many datagrams came, empty ones too; <see cref="DatagramBatch.Capacity"/> says that there may be more.</returns>
    public int Receive(IDatagramTaker taker)
    {
        if (_batch is null)
            return ReceiveOneByOne(taker);
        var count = _batch.Receive(_socket);
        if (count == 0)
            return 0;
        for (var i = 0; i < count; i++)
            taker.Expect(i, _batch.Datagram(i), Read(_batch.Name(i), _socket.AddressFamily));
        var now = _time.GetUtcNow().UtcDateTime;
        for (var i = 0; i < count; i++)
        {
            var datagram = _batch.Datagram(i);
            if (datagram.IsEmpty)
                continue;
            var age = now - (_batch.ArrivedAt(i) ?? now);
            taker.Take(i, datagram, Read(_batch.Name(i), _socket.AddressFamily), age >= TimeSpan.Zero && age <= MaxAge ? age : TimeSpan.Zero);
        }

        return count;
    }

    public void Send(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        Write(to, _to);
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _to);
        }
        catch (SocketException)
        {
            SendFailureCount++;
        }
    }

    public void Wake()
    {
        try
        {
            lock (_waker)
                _waker.SendTo([], SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // Our own buffer is full, so the loop does not sleep; or the machine has no route to itself, and the loop looks again within its longest wait.
        }
        catch (ObjectDisposedException)
        {
            // The loop ended meanwhile.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        lock (_waker)
            _waker.Dispose();
    }

    private int ReceiveOneByOne(IDatagramTaker taker)
    {
        var count = 0;

        // To read when there is nothing costs an exception. An empty datagram (a wake-up) looks like nothing, but not to the poll.
        while (count < DatagramBatch.Capacity && (_socket.Available > 0 || (count == 0 && Wait(TimeSpan.Zero))))
        {
            count++;
            try
            {
                var length = _socket.ReceiveFrom(_single, SocketFlags.None, _from);
                if (length > 0)
                    taker.Take(-1, _single.AsSpan(0, length), Read(_from.Buffer.Span, _socket.AddressFamily), TimeSpan.Zero);
            }
            catch (SocketException)
            {
                // Nothing there after all (a wrong checksum), or longer than the buffer, which nothing of ours is.
            }
        }

        return count;
    }

    // sockaddr_in: family 2, port 2, address 4. sockaddr_in6: family 2, port 2, flow 4, address 16, scope 4 (host order).
    private static RemoteAddress Read(ReadOnlySpan<byte> name, AddressFamily family)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        if (family == AddressFamily.InterNetwork)
            return new RemoteAddress(TransportKind.Udp, RemoteAddress.Map(BinaryPrimitives.ReadUInt32BigEndian(name[4..])), port);
        return new RemoteAddress(TransportKind.Udp, BinaryPrimitives.ReadUInt128BigEndian(name[8..]), port, BitConverter.ToUInt32(name[24..]));
    }

    private static void Write(in RemoteAddress address, SocketAddress target)
    {
        var bytes = target.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (target.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)address.Address);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], 0);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], address.Address);
        BitConverter.TryWriteBytes(bytes[24..], address.ScopeId);
    }
}
