using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

public sealed class RtcUdpSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Taken _taken = new();
    private RtcUdpSocket? _socket;

    [Fact]
    public void The_buffer_is_told_as_it_is_asked_for_though_the_kernel_doubles_it()
    {
        using var socket = RtcUdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), 65_536, TimeProvider.System);

        socket.ReceiveBufferBytes.ShouldBe(65_536);
    }

    [Theory]
    [InlineData(true, "127.0.0.1", "127.0.0.1")]
    [InlineData(false, "127.0.0.1", "127.0.0.1")]
    [InlineData(true, "::", "127.0.0.1")]
    [InlineData(false, "::", "127.0.0.1")]
    [InlineData(true, "::", "::1")]
    [InlineData(false, "::", "::1")]
    public void Every_datagram_comes_whole_with_where_it_came_from_and_can_be_answered(bool inBatches, string listen, string peer)
    {
        Assert.SkipUnless(listen == "127.0.0.1" || Socket.OSSupportsIPv6, "no IPv6 here");
        var socket = Open(listen, inBatches);
        using var client = Client(peer, socket.Local.Port);
        const int count = (3 * DatagramBatch.Capacity) + 7;
        for (var i = 0; i < count; i++)
            client.Send(Datagram(i));

        while (_taken.Datagrams.Count < count)
        {
            socket.Wait(Patience).ShouldBeTrue();
            socket.Receive(_taken);
        }

        _taken.Datagrams.Select(d => d.Bytes).ShouldBe(Enumerable.Range(0, count).Select(Datagram));
        _taken.Datagrams.ShouldAllBe(d => d.From == RemoteAddress.From((IPEndPoint)client.LocalEndPoint!, TransportKind.Udp, 0));
        socket.Send([1, 2, 3], _taken.Datagrams[0].From);
        var answer = new byte[10];
        client.Receive(answer).ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_there_is_nothing_taken(bool inBatches)
    {
        var socket = Open("127.0.0.1", inBatches);

        socket.Receive(_taken).ShouldBe(0);
        socket.Wait(TimeSpan.FromMilliseconds(1)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "::")]
    [InlineData(false, "0.0.0.0")]
    public void A_wake_up_ends_a_wait_and_is_no_datagram(bool inBatches, string listen)
    {
        Assert.SkipUnless(listen != "::" || Socket.OSSupportsIPv6, "no IPv6 here");
        var socket = Open(listen, inBatches);

        socket.Wake();

        socket.Wait(Patience).ShouldBeTrue();
        socket.Receive(_taken).ShouldBe(1);
        _taken.Datagrams.ShouldBeEmpty();
        socket.Wait(TimeSpan.Zero).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_datagram_longer_than_any_of_ours_harms_nothing(bool inBatches)
    {
        var socket = Open("127.0.0.1", inBatches);
        using var client = Client("127.0.0.1", socket.Local.Port);
        client.Send(new byte[9000]);
        client.Send([7]);

        while (_taken.Datagrams.Count == 0 || _taken.Datagrams[^1].Bytes.Length != 1)
        {
            socket.Wait(Patience).ShouldBeTrue();
            socket.Receive(_taken);
        }

        _taken.Datagrams.ShouldAllBe(d => d.Bytes.Length <= 2048);
    }

    [Fact]
    public async Task A_datagram_that_lay_there_came_when_it_came()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's times are read on Linux");
        var socket = Open("127.0.0.1", inBatches: true);
        using var client = Client("127.0.0.1", socket.Local.Port);
        var start = TimeProvider.System.GetTimestamp();
        client.Send([1]);
        var sent = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);

        var before = TimeProvider.System.GetTimestamp();
        socket.Receive(_taken).ShouldBe(1);
        var after = TimeProvider.System.GetTimestamp();

        // Two clocks: the kernel's stamp is the wall clock's.
        var tolerance = TimeSpan.FromMilliseconds(5);
        _taken.Ages[0].ShouldBeGreaterThan(TimeProvider.System.GetElapsedTime(sent, before) - tolerance);
        _taken.Ages[0].ShouldBeLessThan(TimeProvider.System.GetElapsedTime(start, after) + tolerance);
    }

    [Fact]
    public void What_cannot_be_sent_is_counted()
    {
        var socket = Open("127.0.0.1", inBatches: true);

        socket.Send(new byte[70_000], RemoteAddress.From(new IPEndPoint(IPAddress.Loopback, 9)));

        socket.SendFailureCount.ShouldBe(1);
    }

    public void Dispose() => _socket?.Dispose();

    private RtcUdpSocket Open(string address, bool inBatches) => _socket = RtcUdpSocket.Open(new IPEndPoint(IPAddress.Parse(address), 0), 1 << 20, TimeProvider.System, inBatches);

    private static Socket Client(string address, int port)
    {
        var end = new IPEndPoint(IPAddress.Parse(address), port);
        var client = new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        client.Connect(end);
        return client;
    }

    private static byte[] Datagram(int number) => [.. BitConverter.GetBytes(number), .. new byte[number % 1400]];

    private sealed class Taken : IDatagramTaker
    {
        public List<(byte[] Bytes, RemoteAddress From)> Datagrams { get; } = [];

        private readonly (byte[] Bytes, RemoteAddress From)[] _expected = new (byte[], RemoteAddress)[DatagramBatch.Capacity];

        public List<TimeSpan> Ages { get; } = [];

        public void Expect(int place, ReadOnlySpan<byte> datagram, in RemoteAddress from) => _expected[place] = (datagram.ToArray(), from);

        public void Take(int place, Span<byte> datagram, in RemoteAddress from, TimeSpan age)
        {
            if (place >= 0)
                (datagram.SequenceEqual(_expected[place].Bytes) && from == _expected[place].From).ShouldBeTrue();
            Datagrams.Add((datagram.ToArray(), from));
            Ages.Add(age);
        }
    }
}
