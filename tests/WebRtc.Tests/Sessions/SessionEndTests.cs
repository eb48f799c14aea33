namespace MediaScore.WebRtc.Tests.Sessions;

/// <summary>How a session ends when its owner fails, and what keeps it from ending.</summary>
public sealed class SessionEndTests
{
    [Fact]
    public void An_owner_that_fails_at_what_was_held_is_told_of_the_end_all_the_same_and_so_is_the_peer()
    {
        using var bench = new SessionBench();
        bench.Connect();
        bench.Receive(bench.Sound(), 0.3);
        bench.Sound();
        bench.Receive(bench.Sound(), 0.34);
        bench.Events.Fault = new IOException("disk full");

        Should.Throw<IOException>(() => bench.Session.Close(CloseReason.ByOwner, SessionBench.At(0.4)));

        bench.Events.States.Count(s => s == RtcState.Closed).ShouldBe(1);
        bench.Sent.Count(s => s.Datagram.AsSpan().SequenceEqual(FakeDtlsServer.Goodbye)).ShouldBe(1);
        bench.Dtls.DisposeCount.ShouldBe(1);
        bench.Session.Snapshot().State.ShouldBe(RtcState.Closed);
    }

    [Fact]
    public void Reports_whose_tag_is_right_show_that_the_peer_is_there_and_forged_ones_do_not()
    {
        using var bench = new SessionBench();
        bench.Connect();

        // GStreamer with a closed microphone: reports, and neither checks nor sound.
        for (var i = 5; i <= 60; i += 5)
        {
            bench.AdvanceTo(i);
            bench.Receive(bench.Report(), i);
        }

        bench.Session.State.ShouldBe(RtcState.Connected);
        var forged = bench.Report();
        forged[^1] ^= 1;
        bench.AdvanceTo(80);
        bench.Receive(forged, 80);
        bench.AdvanceTo(91);
        bench.Session.State.ShouldBe(RtcState.Disconnected);
        bench.Receive(bench.Report(), 92);
        bench.Session.State.ShouldBe(RtcState.Connected);
    }
}
