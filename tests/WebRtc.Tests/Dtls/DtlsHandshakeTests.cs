using System.Net;
using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Transport;
using Org.BouncyCastle.Tls;

namespace MediaScore.WebRtc.Tests.Dtls;

/// <summary>BouncyCastle's client against our server over a wire that misbehaves. The handshake has its own clock, so these run in real time.</summary>
public sealed class DtlsHandshakeTests
{
    [Theory]
    [InlineData(new[] { 1, 8, 7 }, 7)]
    [InlineData(new[] { 7, 8, 1, 2 }, 7)]
    [InlineData(new[] { 8, 1 }, 8)]
    [InlineData(new[] { 1 }, 1)]
    public async Task Both_sides_have_the_same_keys_in_the_profile_that_we_like_best(int[] offered, int chosen)
    {
        using var pair = new DtlsPair(new DtlsClientOptions { Profiles = offered });

        (await pair.HandshakeAsync()).ShouldNotBeNull();

        pair.Server.State.ShouldBe(DtlsState.Connected);
        pair.Client.Profile.ShouldBe(chosen);
        ((int)pair.Server.Keys!.Profile).ShouldBe(chosen);
        pair.ShouldHaveTheSameKeys();
        pair.Client.ServerCertificate.ShouldBe(pair.Identity.Certificate);
        pair.Gate.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(false, "sha-256")]
    [InlineData(false, "sha-384")]
    [InlineData(true, "sha-512")]
    [InlineData(true, "sha-256")]
    public async Task An_elliptic_or_RSA_certificate_is_taken_when_any_of_the_fingerprints_is_its_own(bool rsa, string algorithm)
    {
        using var pair = new DtlsPair(new DtlsClientOptions { WithRsa = rsa }, client => [new DtlsFingerprint("sha-256", new byte[32]), client.Fingerprint(algorithm)]);

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Theory]
    [InlineData(NamedGroup.secp256r1)]
    [InlineData(NamedGroup.x25519)]
    public async Task Each_of_our_groups_does(int group)
    {
        using var pair = new DtlsPair(new DtlsClientOptions { Groups = [group], Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384] });

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(600)]
    public async Task A_ClientHello_with_a_post_quantum_key_share_comes_in_fragments_and_gets_DTLS_1_2(int maxDatagram)
    {
        var hellos = 0;
        using var pair = new DtlsPair(new DtlsClientOptions { WithPostQuantumKeyShare = true, MaxDatagram = maxDatagram });
        pair.ToServer = (_, datagram) =>
        {
            ReadOnlySpan<byte> bytes = datagram;
            DtlsRecord.TryRead(ref bytes, out var record).ShouldBeTrue();
            hellos += record.IsClientHello ? 1 : 0;
            return [datagram];
        };

        await pair.HandshakeAsync();

        hellos.ShouldBeGreaterThanOrEqualTo(2);
        pair.Server.State.ShouldBe(DtlsState.Connected);
        pair.ShouldHaveTheSameKeys();
    }

    [Fact]
    public async Task Fragments_of_the_ClientHello_may_come_in_any_order_and_more_than_once()
    {
        byte[]? first = null;
        using var pair = new DtlsPair(new DtlsClientOptions { WithPostQuantumKeyShare = true, MaxDatagram = 800 });
        pair.ToServer = (number, datagram) =>
        {
            if (number == 0)
            {
                first = datagram;
                return [];
            }

            return number == 1 ? [datagram, datagram, first!, first!] : [datagram];
        };

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Fact]
    public async Task Every_datagram_may_come_twice()
    {
        using var pair = new DtlsPair();
        pair.ToServer = (_, datagram) => [datagram, datagram];
        pair.ToClient = (_, datagram) => [datagram, datagram];

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Theory]
    [InlineData(22, 1)]
    [InlineData(22, 11)]
    [InlineData(22, 16)]
    [InlineData(22, 15)]
    [InlineData(20, 1)]
    [InlineData(22, -1)]
    public async Task A_lost_datagram_of_the_client_is_sent_again(int contentType, int message)
    {
        var lost = false;
        using var pair = new DtlsPair();
        pair.ToServer = (_, datagram) =>
        {
            var encrypted = datagram[4] > 0;
            if (lost || datagram[0] != contentType || (message < 0 ? !encrypted : encrypted || datagram[13] != message))
                return [datagram];
            lost = true;
            return [];
        };

        await pair.HandshakeAsync();

        lost.ShouldBeTrue();
        pair.Server.State.ShouldBe(DtlsState.Connected);
        pair.ShouldHaveTheSameKeys();
    }

    [Theory]
    [InlineData(22)]
    [InlineData(20)]
    public async Task A_lost_flight_of_ours_is_sent_again(int contentType)
    {
        var lost = false;
        using var pair = new DtlsPair();
        pair.ToClient = (_, datagram) =>
        {
            if (lost || datagram[0] != contentType)
                return [datagram];
            lost = true;
            return [];
        };

        (await pair.HandshakeAsync()).ShouldNotBeNull(pair.ClientError?.ToString());

        pair.Server.State.ShouldBe(DtlsState.Connected);
        pair.ShouldHaveTheSameKeys();
    }

    [Fact]
    public async Task The_clients_second_flight_may_come_backwards()
    {
        var flight = new List<byte[]>();
        using var pair = new DtlsPair();
        pair.ToServer = (_, datagram) =>
        {
            if (datagram[0] == 22 && datagram[13] == 1 && datagram[4] == 0)
                return [datagram];
            flight.Add(datagram);
            if (flight.Count < 5)
                return [];
            var backwards = Enumerable.Reverse(flight).ToList();
            flight.Clear();
            return backwards;
        };

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Fact]
    public async Task A_third_of_all_datagrams_may_be_lost()
    {
        var random = new Random(5);
        using var pair = new DtlsPair(deadline: TimeSpan.FromSeconds(60));
        pair.ToServer = (_, datagram) => random.Next(3) == 0 ? [] : [datagram];
        pair.ToClient = (_, datagram) => random.Next(3) == 0 ? [] : [datagram];

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Connected);
    }

    [Fact]
    public async Task Our_flights_are_packed_into_few_datagrams_of_1200_bytes_at_most()
    {
        var longest = 0;
        using var pair = new DtlsPair();
        pair.ToClient = (_, datagram) =>
        {
            longest = Math.Max(longest, datagram.Length);
            return [datagram];
        };

        await pair.HandshakeAsync();

        pair.SentByServer.ShouldBe(2, "ServerHello to ServerHelloDone, and ChangeCipherSpec with Finished");
        longest.ShouldBeLessThanOrEqualTo(1200);
    }

    [Fact]
    public async Task Another_certificate_than_the_offers_gets_a_fatal_alert()
    {
        using var pair = new DtlsPair(fingerprints: _ => [new DtlsFingerprint("sha-256", new byte[32])]);

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Server.Keys.ShouldBeNull();
        pair.Client.AlertReceived.ShouldBe(AlertDescription.bad_certificate);
        pair.Gate.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_fingerprint_of_an_algorithm_that_we_do_not_take_matches_nothing()
    {
        using var pair = new DtlsPair(fingerprints: client => [client.Fingerprint() with { Algorithm = "sha-1" }]);

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
    }

    [Fact]
    public async Task No_client_certificate_gets_a_fatal_alert()
    {
        using var pair = new DtlsPair(new DtlsClientOptions { WithCertificate = false });

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Client.AlertReceived.ShouldBe(AlertDescription.handshake_failure);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 2 })]
    public async Task No_common_SRTP_profile_gets_a_fatal_alert(int[] profiles)
    {
        using var pair = new DtlsPair(new DtlsClientOptions { Profiles = profiles });

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Client.AlertReceived.ShouldBe(AlertDescription.handshake_failure);
    }

    [Fact]
    public async Task No_extended_master_secret_gets_a_fatal_alert()
    {
        using var pair = new DtlsPair(new DtlsClientOptions { WithExtendedMasterSecret = false });

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Client.AlertReceived.ShouldBe(AlertDescription.handshake_failure);
    }

    [Theory]
    [InlineData(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA)]
    public async Task Other_cipher_suites_get_a_fatal_alert(int suite)
    {
        using var pair = new DtlsPair(new DtlsClientOptions { Suites = [suite] });

        await pair.HandshakeAsync();

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Client.AlertReceived.ShouldBe(AlertDescription.handshake_failure);
    }

    [Fact]
    public async Task A_handshake_over_its_deadline_fails_and_its_thread_ends()
    {
        using var pair = new DtlsPair(deadline: TimeSpan.FromMilliseconds(300));
        pair.ToClient = (_, _) => [];
        pair.StartClient();

        while (pair.Server.State is DtlsState.New or DtlsState.Handshaking)
            pair.Step(TimeSpan.FromMilliseconds(20));

        pair.Server.State.ShouldBe(DtlsState.Failed);
        pair.Gate.Count.ShouldBe(0);
        await Task.CompletedTask;
    }

    [Fact]
    public void As_many_handshakes_run_as_may_and_the_rest_wait_for_a_retransmission()
    {
        var gate = new AddressGate(1, 1);
        gate.TryEnter(Host(1)).ShouldBeTrue();
        using var pair = new DtlsPair(gate: gate);
        pair.StartClient();

        while (gate.PutOffCount < 2)
            pair.Step(TimeSpan.FromMilliseconds(20));
        pair.Server.State.ShouldBe(DtlsState.New);
        gate.Leave(Host(1));
        while (pair.Server.State != DtlsState.Connected)
            pair.Step(TimeSpan.FromMilliseconds(20));

        gate.PutOffCount.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void One_address_cannot_take_all_places()
    {
        var gate = new AddressGate(3, 2);

        gate.TryEnter(Host(1)).ShouldBeTrue();
        gate.TryEnter(Host(1)).ShouldBeTrue();
        gate.TryEnter(Host(1)).ShouldBeFalse();
        gate.TryEnter(Host(2)).ShouldBeTrue();
        gate.TryEnter(Host(2)).ShouldBeFalse();
        gate.Leave(Host(1));
        gate.TryEnter(Host(2)).ShouldBeTrue();
        gate.Count.ShouldBe(3);
        gate.PutOffCount.ShouldBe(2);
    }

    [Fact]
    public void Who_has_a_network_of_IPv6_addresses_has_one_address()
    {
        var gate = new AddressGate(3, 2);
        var first = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8:0:7::1"), 1));
        var second = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8:0:7:ffff::2"), 1));
        var elsewhere = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8:0:8::1"), 1));

        gate.TryEnter(first).ShouldBeTrue();
        gate.TryEnter(second).ShouldBeTrue();
        gate.TryEnter(first).ShouldBeFalse();
        gate.TryEnter(elsewhere).ShouldBeTrue();
        gate.Leave(second);
        gate.TryEnter(first).ShouldBeTrue();
        Host(1).Network.ShouldNotBe(Host(2).Network);
    }

    private static RemoteAddress Host(byte number) => new(TransportKind.Udp, RemoteAddress.Map(number), 1);
}
