using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using MediaScore.WebRtc.Transport;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>One connection, its end, and a peer that wants it not to end.</summary>
public sealed class IceTcpConnectionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<TcpDatagram> _inbound = Channel.CreateBounded<TcpDatagram>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    [Fact]
    public void A_connection_that_is_told_to_stay_or_to_go_when_it_has_gone_does_neither()
    {
        // The loop found it a moment before it was taken off the list: what it throws there would end every session.
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        connection.Dispose();

        Should.NotThrow(connection.Authenticated);
        Should.NotThrow(connection.Close);
        Should.NotThrow(() => connection.Send([1]));
    }

    [Fact]
    public async Task A_peer_that_reads_nothing_cannot_hold_a_connection_that_we_closed()
    {
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);
        connection.Authenticated();
        for (var i = 0; i < 64; i++)
            connection.Send(new byte[60_000]);

        connection.Close();
        _time.Advance(TimeSpan.FromSeconds(10));

        await running.WaitAsync(LoopFixture.Patience);
    }

    [Fact]
    public async Task A_peer_that_goes_on_sending_cannot_hold_a_connection_that_we_closed()
    {
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);
        connection.Authenticated();
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(() => SendAsync(pair.Theirs, stop.Token));

        connection.Close();
        _time.Advance(TimeSpan.FromSeconds(10));

        await running.WaitAsync(LoopFixture.Patience);
        await stop.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task A_stranger_is_heard_with_checks_alone_and_with_few_of_them()
    {
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);

        for (var i = 0; i < 10; i++)
            await pair.Theirs.SendAsync(new byte[] { 0, 2, 0, (byte)i, 0, 2, 0x80, 1, 0, 2, 22, 1 });
        for (var i = 0; i < 10; i++)
            (await NextAsync()).ShouldBe([0, (byte)i]);

        await TrySendAsync(pair.Theirs, [.. Enumerable.Range(0, 100).SelectMany(_ => (byte[])[0, 2, 0, 99])]);
        await running.WaitAsync(LoopFixture.Patience);
        var more = 0;
        while (_inbound.Reader.TryRead(out var datagram) && datagram.Buffer is not null)
            more++;
        more.ShouldBeLessThanOrEqualTo(54);
    }

    [Fact]
    public async Task Who_was_authentic_is_heard_with_everything()
    {
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);
        connection.Authenticated();

        for (var i = 0; i < 500; i++)
        {
            await pair.Theirs.SendAsync(new byte[] { 0, 2, 0x80, (byte)i });
            (await NextAsync()).ShouldBe([0x80, (byte)i]);
        }

        connection.Close();
        pair.Theirs.Close();
        await running.WaitAsync(LoopFixture.Patience);
    }

    [Fact]
    public async Task A_peer_that_is_sending_still_reads_our_goodbye_and_then_the_end()
    {
        // Thousands of unread bytes: a reset in place of an end would drop the goodbye on its way.
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);
        connection.Authenticated();
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(() => SendAsync(pair.Theirs, stop.Token));
        await NextAsync();

        connection.Send([1, 2, 3]);
        connection.Close();
        var received = new byte[16];
        (await pair.Theirs.ReceiveAsync(received).WaitAsync(LoopFixture.Patience)).ShouldBe(5);
        (await pair.Theirs.ReceiveAsync(received).WaitAsync(LoopFixture.Patience)).ShouldBe(0);
        running.IsCompleted.ShouldBeFalse("a peer that has not closed may still be reading");

        await stop.CancelAsync();
        await sending;
        pair.Theirs.Close();
        await running.WaitAsync(LoopFixture.Patience);
    }

    [Fact]
    public async Task What_was_queued_before_the_close_still_goes_out()
    {
        using var pair = SocketPair.Create();
        var connection = Make(pair.Ours);
        var running = connection.RunAsync(CancellationToken.None);

        connection.Send([1, 2, 3]);
        connection.Close();

        var received = new byte[16];
        (await pair.Theirs.ReceiveAsync(received)).ShouldBe(5);
        received[..5].ShouldBe([0, 3, 1, 2, 3]);
        pair.Theirs.Close();
        await running.WaitAsync(LoopFixture.Patience);
    }

    private static async Task SendAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            while (true)
                await socket.SendAsync(new byte[] { 0, 2, 1, 1 }, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The connection was ended, as it has to be.
        }
    }

    private static async Task TrySendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed in the middle.
        }
    }

    private async Task<byte[]> NextAsync()
    {
        using var patience = new CancellationTokenSource(LoopFixture.Patience);
        var datagram = await _inbound.Reader.ReadAsync(patience.Token);
        return datagram.Buffer.AsSpan(0, datagram.Length).ToArray();
    }

    private IceTcpConnection Make(Socket socket) =>
        new IceTcpConnection(socket, new RemoteAddress(TransportKind.Tcp, 1, 2, StreamId: 1), _inbound.Writer, () => { }, TimeSpan.FromSeconds(5), _time);

    private sealed record SocketPair(Socket Ours, Socket Theirs) : IDisposable
    {
        public static SocketPair Create()
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            var theirs = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            theirs.Connect(listener.LocalEndPoint!);
            var ours = listener.Accept();
            ours.SendBufferSize = 4096;
            return new SocketPair(ours, theirs);
        }

        public void Dispose()
        {
            Ours.Dispose();
            Theirs.Dispose();
        }
    }
}
