using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Tests.Fuzz;
using Org.BouncyCastle.Tls;

namespace MediaScore.WebRtc.Tests.Dtls;

/// <summary>What still matters once there are keys: that somebody says goodbye, and that nobody else can.</summary>
public sealed class DtlsAfterHandshakeTests
{
    [Fact]
    public async Task A_close_notify_of_the_client_ends_the_association_and_is_answered()
    {
        using var pair = new DtlsPair();
        var client = (await pair.HandshakeAsync()).ShouldNotBeNull();
        var sent = new List<string>();
        pair.ToClient = (_, datagram) =>
        {
            sent.Add($"type {datagram[0]} epoch {datagram[4]} {datagram.Length} bytes");
            return [datagram];
        };

        client.Close();
        // Before it the handshake's last wake-up may still be in the queue, or a flight of a client that was impatient, to which ours is sent again.
        for (var step = 0; step < 10 && pair.Server.State is DtlsState.Connected; step++)
            pair.Step(TimeSpan.FromSeconds(5));

        pair.Server.State.ShouldBe(DtlsState.Closed);
        sent.Count(datagram => datagram.StartsWith("type 21 epoch 1", StringComparison.Ordinal)).ShouldBe(1, string.Join("; ", sent));
        sent[^1].ShouldStartWith("type 21");
    }

    [Fact]
    public async Task Our_close_reaches_the_client()
    {
        using var pair = new DtlsPair();
        var client = (await pair.HandshakeAsync()).ShouldNotBeNull();

        pair.Server.Close(pair);
        pair.Server.Close(pair);

        client.Receive(new byte[2048], 0, 2048, 100).ShouldBe(-1);
        pair.Client.WarningReceived.ShouldBe(AlertDescription.close_notify);
        pair.Server.State.ShouldBe(DtlsState.Closed);
    }

    [Fact]
    public async Task An_alert_in_clear_ends_nothing()
    {
        using var pair = new DtlsPair();
        await pair.HandshakeAsync();

        pair.Feed([DtlsRecord.Alert, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0]);
        pair.Feed([DtlsRecord.Alert, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 10, 0, 2, 1, 0]);
        pair.Server.Advance(pair);

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Fact]
    public async Task Another_ClientHello_is_ignored()
    {
        byte[]? hello = null;
        using var pair = new DtlsPair();
        pair.ToServer = (_, datagram) =>
        {
            hello ??= datagram;
            return [datagram];
        };
        await pair.HandshakeAsync();
        var sent = pair.SentByServer;

        using var other = new DtlsPair();
        byte[]? otherHello = null;
        other.ToServer = (_, datagram) =>
        {
            otherHello ??= datagram;
            return [datagram];
        };
        await other.HandshakeAsync();
        pair.Feed(hello!);
        pair.Feed(otherHello!);
        pair.Server.Advance(pair);

        pair.Server.State.ShouldBe(DtlsState.Connected);
        pair.SentByServer.ShouldBe(sent);
    }

    [Fact]
    public async Task Garbage_of_any_kind_ends_no_live_association()
    {
        var random = new Random(FuzzCases.Seed);
        var flights = new List<byte[]>();
        using var pair = new DtlsPair();
        pair.ToServer = (_, datagram) =>
        {
            flights.Add(datagram);
            return [datagram];
        };
        await pair.HandshakeAsync();

        for (var i = 0; i < FuzzCases.Count; i++)
        {
            var datagram = flights[random.Next(flights.Count)].ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                datagram[random.Next(datagram.Length)] ^= (byte)random.Next(1, 256);
            if (random.Next(2) == 0)
                (datagram[3], datagram[4]) = (0, 1);
            if (random.Next(2) == 0)
                datagram[0] = (byte)random.Next(DtlsRecord.ChangeCipherSpec, DtlsRecord.Handshake + 4);
            if (random.Next(2) == 0)
                (datagram[11], datagram[12]) = (0, (byte)(datagram.Length - DtlsRecord.HeaderLength));
            pair.Feed(datagram.AsSpan(0, random.Next(datagram.Length + 1)).ToArray());
            pair.Server.Advance(pair);
        }

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Fact]
    public void Whatever_comes_first_starts_no_handshake_unless_it_is_a_ClientHello()
    {
        using var pair = new DtlsPair();

        pair.Feed([]);
        pair.Feed([22]);
        pair.Feed(new byte[2000]);
        pair.Feed([DtlsRecord.Handshake, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0]);
        pair.Feed([DtlsRecord.Alert, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0]);

        pair.Server.State.ShouldBe(DtlsState.New);
        pair.Gate.Count.ShouldBe(0);
    }

    [Fact]
    public void A_close_during_the_handshake_ends_its_thread()
    {
        using var pair = new DtlsPair();
        pair.ToClient = (_, _) => [];
        pair.StartClient();
        while (pair.SentByServer == 0)
            pair.Step(TimeSpan.FromMilliseconds(20));

        pair.Server.Close(pair);

        SpinWait.SpinUntil(() => pair.Gate.Count == 0, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        pair.Server.State.ShouldBe(DtlsState.Closed);
    }
}
