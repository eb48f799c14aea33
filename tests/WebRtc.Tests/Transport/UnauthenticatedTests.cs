using System.Net.Sockets;
using MediaScore.Peers.Sessions;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Tests.Ice;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>Who has not proved to know a session's password gets nothing: no reply that could be sent to a victim, no memory, no connection for long.</summary>
public sealed class UnauthenticatedTests
{
    [Fact]
    public async Task A_flood_of_checks_hellos_media_and_garbage_gets_no_reply_and_running_sessions_lose_nothing()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();
        var before = fixture.Loop.Snapshot();
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        stranger.Connect(fixture.Loop.UdpEndPoints[0]);
        var lost = sender.Events.LostAudio;

        var datagrams = Hostile().ToList();
        const int rounds = 500;
        using var patience = new CancellationTokenSource(LoopFixture.Patience);
        for (var i = 1; i <= rounds; i++)
        {
            foreach (var datagram in datagrams)
                stranger.Send(datagram, SocketFlags.None, out _);
            // No more than the smallest usual socket buffer holds: whether the loop drops is asked here; whether it keeps up with a rate is asked by load-tests/ReceivePath.
            while (i % 5 == 0 && fixture.Loop.Snapshot().DatagramCount < before.DatagramCount + (i * datagrams.Count))
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }

        await sender.Events.MoreAudio(50).WaitAsync(LoopFixture.Patience);
        stranger.Available.ShouldBe(0);
        stranger.Receive(new byte[2048], SocketFlags.None, out var error);
        error.ShouldBe(SocketError.WouldBlock);
        fixture.Loop.Snapshot().UnknownCount.ShouldBeGreaterThan(before.UnknownCount);
        fixture.Loop.Snapshot().SessionCount.ShouldBe(1);
        sender.Events.LostAudio.ShouldBe(lost);
        sender.Connection.State.ShouldBe(RtcState.Connected);
    }

    [Fact]
    public async Task A_check_for_a_real_session_with_a_wrong_password_gets_no_reply_and_no_route()
    {
        await using var fixture = new LoopFixture();
        var events = new RecordedEvents();
        var answer = fixture.Loop.Answer(Offer(), new(), events).Sdp.ShouldNotBeNull();
        var fragment = answer.Split("a=ice-ufrag:")[1].Split('\r')[0];
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 300 };
        stranger.Connect(fixture.Loop.UdpEndPoints[0]);

        var check = new IceTestPeer().Check(new IceCredentials(fragment, "guessedPasswordOf32Characters001"), useCandidate: true);
        for (var i = 0; i < 100; i++)
            stranger.Send(check);
        stranger.Send([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);

        Should.Throw<SocketException>(() => stranger.Receive(new byte[2048])).SocketErrorCode.ShouldBeOneOf(SocketError.TimedOut, SocketError.WouldBlock);
        events.States.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_reply_to_an_authentic_check_is_not_longer_than_the_check()
    {
        await using var fixture = new LoopFixture();
        var answer = fixture.Loop.Answer(Offer(), new(), new RecordedEvents()).Sdp.ShouldNotBeNull();
        var local = new IceCredentials(answer.Split("a=ice-ufrag:")[1].Split('\r')[0], answer.Split("a=ice-pwd:")[1].Split('\r')[0]);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        peer.Connect(fixture.Loop.UdpEndPoints[0]);

        var check = new IceTestPeer().Check(local, useCandidate: true, from: new IceCredentials(PeerFragment, PeerPassword));
        peer.Send(check);
        var length = peer.Receive(new byte[2048]);

        length.ShouldBeGreaterThan(0);
        length.ShouldBeLessThanOrEqualTo(check.Length);
    }

    [Fact]
    public async Task A_TCP_connection_without_an_authentic_check_is_closed_after_its_time_without_a_byte()
    {
        var time = new JumpingTime();
        await using var fixture = new LoopFixture(o => o.TcpAuthenticationSeconds = 1, time);
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(fixture.Loop.TcpEndPoint!);
        var stream = stranger.GetStream();
        foreach (var datagram in Hostile())
            await stream.WriteAsync(Frame(datagram));

        using var patience = new CancellationTokenSource(LoopFixture.Patience);
        (await ReadOrEndAsync(stream, patience.Token)).ShouldBe(0);
        await fixture.IdleAsync();
    }

    [Fact]
    public async Task One_address_gets_no_more_TCP_connections_than_its_cap()
    {
        await using var fixture = new LoopFixture(o => o.MaxTcpConnectionsPerAddress = 3);
        var clients = new List<TcpClient>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(new TcpClient());
            await clients[^1].ConnectAsync(fixture.Loop.TcpEndPoint!);
        }

        using var patience = new CancellationTokenSource(LoopFixture.Patience);
        (await ReadOrEndAsync(clients[3].GetStream(), patience.Token)).ShouldBe(0);
        (await ReadOrEndAsync(clients[4].GetStream(), patience.Token)).ShouldBe(0);

        fixture.Loop.Snapshot().TcpConnectionCount.ShouldBe(3);
        fixture.Loop.Snapshot().TcpRefusedCount.ShouldBe(2);
        foreach (var client in clients)
            client.Dispose();
        await fixture.IdleAsync();
    }

    [Fact]
    public async Task A_frame_longer_than_any_packet_ends_the_connection()
    {
        await using var fixture = new LoopFixture();
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(fixture.Loop.TcpEndPoint!);

        await stranger.GetStream().WriteAsync(new byte[] { 0xFF, 0xFF, 1, 2, 3 });

        using var patience = new CancellationTokenSource(LoopFixture.Patience);
        (await ReadOrEndAsync(stranger.GetStream(), patience.Token)).ShouldBe(0);
        await fixture.IdleAsync();
    }

    private static IEnumerable<byte[]> Hostile()
    {
        var peer = new IceTestPeer();
        yield return peer.Check(IceTestPeer.ServerCredentials, useCandidate: true);
        yield return peer.Check(new IceCredentials(new string('x', 200), "passwordpasswordpasswordpassword"));
        yield return peer.Check(IceTestPeer.ServerCredentials, @class: StunClass.Success);
        yield return [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]];
        yield return [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 1, .. new byte[12]];
        yield return [0x80, 96, .. new byte[200]];
        yield return [0x80, 200, .. new byte[60]];
        yield return new byte[1400];
        yield return [255];
        var random = new Random(3);
        for (var i = 0; i < 20; i++)
        {
            var garbage = new byte[random.Next(1, 1200)];
            random.NextBytes(garbage);
            yield return garbage;
        }
    }

    private const string PeerFragment = "abcd";
    private const string PeerPassword = "abcdefghijklmnopqrstuvwx";

    private static string Offer()
    {
        using var session = new SenderSession(LoopFixture.Sender, MediaScore.Peers.Dtls.PeerIdentity.Create(TimeProvider.System), new Nowhere(), 1);
        var lines = session.CreateOffer().Split("\r\n").Select(l => l.StartsWith("a=ice-ufrag:", StringComparison.Ordinal) ? "a=ice-ufrag:" + PeerFragment : l.StartsWith("a=ice-pwd:", StringComparison.Ordinal) ? "a=ice-pwd:" + PeerPassword : l);
        return string.Join("\r\n", lines);
    }

    private static byte[] Frame(byte[] datagram) => [(byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram];

    private static async Task<int> ReadOrEndAsync(NetworkStream stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(new byte[100], cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private sealed class Nowhere : IDatagramSink
    {
        public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
        {
        }
    }
}
