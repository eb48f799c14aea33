using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Tests.Fuzz;
using MediaScore.WebRtc.Tests.Ice;

namespace MediaScore.WebRtc.Tests.Sessions;

/// <summary>States, deadlines and demultiplexing, in virtual time.</summary>
public sealed class RtcSessionTests
{
    [Fact]
    public void A_session_connects_by_a_check_and_keys_and_hands_on_sound()
    {
        using var bench = new SessionBench();

        bench.Connect();
        for (var i = 0; i < 10; i++)
            bench.Receive(bench.Sound(), 0.3 + (i * 0.02));

        bench.Events.States.ShouldBe([RtcState.Connecting, RtcState.Connected]);
        bench.Events.AudioFrames.ShouldBe(10);
        bench.Session.Snapshot().SrtpProfile.ShouldBe("AeadAes128Gcm");
        bench.Session.Snapshot().DatagramCount.ShouldBe(11);
    }

    [Fact]
    public void Nothing_but_a_check_is_taken_from_an_address_without_a_check()
    {
        using var bench = new SessionBench();
        bench.Connect();

        bench.Receive(bench.Sound(), 0.3, IceTestPeer.Cellular);
        bench.Receive([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], 0.3, IceTestPeer.Cellular);

        bench.Events.AudioFrames.ShouldBe(0);
        bench.Dtls.Received.ShouldBeEmpty();
        bench.Session.Snapshot().DiscardedCount.ShouldBe(2);
    }

    [Fact]
    public void Media_go_on_from_a_new_address_and_replies_follow_it()
    {
        using var bench = new SessionBench();
        bench.Connect();
        bench.Receive(bench.Sound(), 0.3);

        bench.Check(0.4, IceTestPeer.Cellular);
        bench.Receive(bench.Sound(), 0.5, IceTestPeer.Cellular);
        bench.Sent.Clear();
        bench.AdvanceTo(5);

        bench.Events.AudioFrames.ShouldBe(2);
        bench.Sent.ShouldNotBeEmpty();
        bench.Sent.ShouldAllBe(s => s.To == IceTestPeer.Cellular);
    }

    [Fact]
    public void A_handshake_before_any_nomination_is_answered_where_it_comes_from()
    {
        using var bench = new SessionBench();
        bench.Check(0.1, nominate: false);
        bench.Check(0.1, IceTestPeer.Cellular, nominate: false);
        bench.Sent.Clear();

        bench.Dtls.Flight = [22, 1];
        bench.Receive([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], 0.2, IceTestPeer.Cellular);

        bench.Session.Ice.Selected.ShouldBe(IceTestPeer.Home);
        bench.Sent.ShouldHaveSingleItem().To.ShouldBe(IceTestPeer.Cellular);
    }

    [Fact]
    public void Packets_before_the_keys_are_held_and_handed_on_with_them()
    {
        using var bench = new SessionBench();
        bench.Check(0.1);
        for (var i = 0; i < 5; i++)
            bench.Receive(bench.Sound(), 0.11);
        bench.Events.AudioFrames.ShouldBe(0);

        bench.FinishHandshake(0.2);

        bench.Events.AudioFrames.ShouldBe(5);
    }

    [Fact]
    public void More_packets_before_the_keys_than_fit_are_dropped_and_counted()
    {
        using var bench = new SessionBench();
        bench.Check(0.1);

        for (var i = 0; i < 100; i++)
            bench.Receive(bench.Sound(), 0.11);

        bench.Session.Snapshot().DiscardedCount.ShouldBe(100 - 64);
    }

    [Fact]
    public void A_session_to_which_nobody_comes_ends_after_its_time()
    {
        using var bench = new SessionBench(new RtcSessionOptions { Arrival = TimeSpan.FromSeconds(30) });

        bench.AdvanceTo(29.9);
        bench.Session.State.ShouldBe(RtcState.New);
        bench.AdvanceTo(30);

        bench.Session.State.ShouldBe(RtcState.Closed);
        bench.Session.Reason.ShouldBe(CloseReason.HandshakeTimeout);
    }

    [Fact]
    public void A_handshake_that_does_not_end_ends_the_session()
    {
        using var bench = new SessionBench(new RtcSessionOptions { Handshake = TimeSpan.FromSeconds(10) });
        bench.Check(3);

        for (var i = 4; i < 13; i += 2)
            bench.Check(i);
        bench.AdvanceTo(13);

        bench.Session.Reason.ShouldBe(CloseReason.HandshakeTimeout);
    }

    [Fact]
    public void Lost_consent_is_told_and_a_check_brings_the_session_back()
    {
        using var bench = new SessionBench();
        bench.Connect();

        bench.AdvanceTo(31);
        bench.Session.State.ShouldBe(RtcState.Disconnected);
        bench.Check(50);
        bench.Receive(bench.Sound(), 50.1);

        bench.Session.State.ShouldBe(RtcState.Connected);
        bench.Events.States.ShouldBe([RtcState.Connecting, RtcState.Connected, RtcState.Disconnected, RtcState.Connected]);
        bench.Events.AudioFrames.ShouldBe(1);
    }

    [Fact]
    public void Media_whose_tag_is_right_shows_that_the_peer_is_there_and_other_bytes_do_not()
    {
        using var bench = new SessionBench();
        bench.Connect();

        for (var i = 1; i <= 60; i++)
        {
            bench.AdvanceTo(i);
            bench.Receive(bench.Sound(), i);
        }

        bench.Session.State.ShouldBe(RtcState.Connected, "libnice without consent freshness sends no checks after the first seconds");
        var forged = bench.Sound();
        forged[^1] ^= 1;
        bench.AdvanceTo(80);
        bench.Receive(forged, 80);
        bench.AdvanceTo(91);
        bench.Session.State.ShouldBe(RtcState.Disconnected);
        bench.Receive(bench.Sound(), 92);
        bench.Session.State.ShouldBe(RtcState.Connected);
        bench.AdvanceTo(121);
        bench.Session.State.ShouldBe(RtcState.Connected);
        bench.AdvanceTo(123);
        bench.Session.State.ShouldBe(RtcState.Disconnected);
    }

    [Fact]
    public void Consent_lost_for_longer_than_the_grace_ends_the_session_without_a_packet()
    {
        using var bench = new SessionBench(new RtcSessionOptions { ConsentGrace = TimeSpan.FromSeconds(60) });
        bench.Connect();
        bench.Receive(bench.Sound(), 0.3);
        bench.AdvanceTo(31);
        bench.Sent.Clear();

        bench.AdvanceTo(95);

        bench.Session.Reason.ShouldBe(CloseReason.ConsentLost);
        bench.Sent.ShouldBeEmpty("RFC 7675, 5.1: nothing is sent without consent");
    }

    [Fact]
    public void The_longest_session_ends()
    {
        using var bench = new SessionBench(new RtcSessionOptions { MaxDuration = TimeSpan.FromMinutes(1) });
        bench.Connect();
        for (var i = 5; i < 60; i += 5)
            bench.Check(i);

        bench.AdvanceTo(60);

        bench.Session.Reason.ShouldBe(CloseReason.MaxDuration);
    }

    [Fact]
    public void A_BYE_of_every_source_ends_the_session()
    {
        using var bench = new SessionBench();
        bench.Connect();
        bench.Receive(bench.Sound(), 0.3);

        bench.Receive(bench.Bye(), 0.4);

        bench.Session.Reason.ShouldBe(CloseReason.Bye);
    }

    [Theory]
    [InlineData(DtlsState.Closed, CloseReason.DtlsClosed)]
    [InlineData(DtlsState.Failed, CloseReason.HandshakeFailed)]
    internal void What_DTLS_says_ends_the_session(DtlsState state, CloseReason reason)
    {
        using var bench = new SessionBench();
        bench.Check(0.1);

        bench.Dtls.State = state;
        bench.Session.AdvanceDtls(SessionBench.At(0.2));

        bench.Session.Reason.ShouldBe(reason);
    }

    [Fact]
    public void Closing_hands_on_what_was_held_says_goodbye_and_happens_once()
    {
        using var bench = new SessionBench();
        bench.Connect();
        bench.Receive(bench.Sound(), 0.3);
        bench.Sound();
        bench.Receive(bench.Sound(), 0.34);
        var before = bench.Events.AudioFrames;

        bench.Session.Close(CloseReason.ByOwner, SessionBench.At(0.4));
        bench.Session.Close(CloseReason.Stopping, SessionBench.At(0.5));
        bench.Session.Advance(SessionBench.At(100));
        bench.Receive(bench.Sound(), 0.6);

        before.ShouldBe(1);
        bench.Events.AudioFrames.ShouldBe(2);
        bench.Session.Reason.ShouldBe(CloseReason.ByOwner);
        bench.Events.States.Count(s => s == RtcState.Closed).ShouldBe(1);
        bench.Sent.Count(s => s.Datagram.AsSpan().SequenceEqual(FakeDtlsServer.Goodbye)).ShouldBe(1);
        bench.Dtls.DisposeCount.ShouldBe(1);
        bench.Session.NextDeadline.ShouldBe(Instant.Never);
        bench.Session.Snapshot().State.ShouldBe(RtcState.Closed);
    }

    [Fact]
    public void Forged_packets_are_counted_and_change_nothing()
    {
        using var bench = new SessionBench();
        bench.Connect();
        var forged = bench.Sound();
        forged[^1] ^= 1;

        bench.Receive(forged, 0.3);
        bench.Receive(bench.Sound(), 0.32);

        bench.Session.Snapshot().AuthenticationFailureCount.ShouldBe(1);
        bench.Events.AudioFrames.ShouldBe(1);
    }

    [Fact]
    public void Whatever_comes_from_the_peers_own_address_throws_nothing_and_ends_nothing()
    {
        using var bench = new SessionBench();
        bench.Connect();
        byte[][] seeds = [bench.Sound(), bench.Sound(), bench.Bye(), [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], new IceTestPeer().Check(IceTestPeer.ServerCredentials)];
        var number = 0;

        FuzzCases.Run(seeds, 1500, (buffer, length) =>
        {
            // Whole it would be the peer's own word.
            if (!seeds.Any(seed => buffer.AsSpan(0, length).SequenceEqual(seed)))
                bench.Session.Receive(buffer.AsSpan(0, length), IceTestPeer.Home, SessionBench.At(0.3 + (++number * 1e-6)));
        });

        bench.Session.State.ShouldBe(RtcState.Connected);
        bench.Events.AudioFrames.ShouldBe(0);
    }

    [Fact]
    public void A_packet_costs_no_allocation_on_its_way_to_the_owner()
    {
        using var bench = new SessionBench();
        bench.Connect();
        var packets = Enumerable.Range(0, 3000).Select(_ => bench.Sound()).ToList();
        for (var i = 0; i < 2000; i++)
            bench.Session.Receive(packets[i], IceTestPeer.Home, SessionBench.At(0.3 + (i * 0.02)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2000; i < 3000; i++)
            bench.Session.Receive(packets[i], IceTestPeer.Home, SessionBench.At(0.3 + (i * 0.02)));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        bench.Events.AudioFrames.ShouldBe(3000);
        allocated.ShouldBe(0);
    }
}
