using System.Net;
using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Tests.Ice;
using MediaScore.WebRtc.Tests.Sessions;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>What is posted to the thread at bad moments, and faults around it.</summary>
public sealed class LoopThreadTests : IAsyncDisposable
{
    private readonly RtcUdpSocket _udp = RtcUdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), 65_536, TimeProvider.System);
    private readonly WebRtcMeter _meter;
    private readonly RecordedLog _logger = new();
    private readonly LoopThread _thread;

    public LoopThreadTests()
    {
        _meter = new WebRtcMeter(this, () => new RtcLoopStatistics());
        _thread = new LoopThread(_udp, null, new LoopClock(TimeProvider.System), _meter, _logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _thread.StopAsync();
        _udp.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_restart_of_a_session_that_fails_at_the_same_moment_is_answered()
    {
        var events = new FailingEvents { FailsAt = RtcState.Connected };
        var (session, dtls) = Make(events);
        session.Session.Receive(new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true), IceTestPeer.Home, session.CreatedAt);
        dtls.State = DtlsState.Connected;
        dtls.Keys = new(MediaScore.WebRtc.Srtp.SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12], new byte[16], new byte[12]);
        var restart = Restart(session);

        _thread.Post(session, LoopRequests.Register | LoopRequests.Dtls | LoopRequests.Restart);
        _thread.Start();

        (await restart.Answer.Task.WaitAsync(LoopFixture.Patience)).Refusal.ShouldBe(IceRestartRefusal.Closed);
        (await events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.Fault);
    }

    [Fact]
    public async Task A_restart_that_comes_with_the_peers_goodbye_is_answered()
    {
        var events = new FailingEvents();
        var (session, dtls) = Make(events);
        dtls.State = DtlsState.Closed;
        var restart = Restart(session);

        _thread.Post(session, LoopRequests.Register | LoopRequests.Dtls | LoopRequests.Restart);
        _thread.Start();

        (await restart.Answer.Task.WaitAsync(LoopFixture.Patience)).Refusal.ShouldBe(IceRestartRefusal.Closed);
        (await events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.DtlsClosed);
    }

    [Fact]
    public async Task What_fails_around_a_session_ends_that_one_and_not_the_thread()
    {
        var (failing, healthy) = (new FailingEvents(), new FailingEvents());
        var (session, dtls) = Make(failing);
        dtls.State = DtlsState.Failed;
        _logger.FailuresLeft = 1;

        _thread.Post(session, LoopRequests.Register | LoopRequests.Dtls);
        _thread.Start();
        await failing.Closed.WaitAsync(LoopFixture.Patience);
        var (other, _) = Make(healthy);
        _thread.Post(other, LoopRequests.Register);
        other.SetCloseReason(CloseReason.ByOwner);
        _thread.Post(other, LoopRequests.Close);

        (await healthy.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.ByOwner);
        _thread.Ended.IsCompleted.ShouldBeFalse();
        _logger.FailuresLeft.ShouldBe(0);
    }

    [Fact]
    public async Task A_session_whose_memory_cannot_be_read_ahead_is_ended_and_nobody_else_is()
    {
        var (broken, _) = Make(new FailingEvents());
        broken.Session.Receive(new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true), IceTestPeer.Home, broken.CreatedAt);
        _thread.Post(broken, LoopRequests.Register);
        Exception? fault = null;

        // On the thread itself, where the socket tells of a batch.
        var others = new FailingEvents
        {
            WhenClosed = () =>
            {
                broken.Session = null!;
                fault = Record.Exception(() => _thread.Expect(0, (byte[])[0x80, 111, .. new byte[60]], IceTestPeer.Home));
            },
        };
        var (other, _) = Make(others);
        other.SetCloseReason(CloseReason.ByOwner);
        _thread.Post(other, LoopRequests.Register | LoopRequests.Close);
        _thread.Start();
        await others.Closed.WaitAsync(LoopFixture.Patience);

        fault.ShouldBeNull();
        broken.IsRemoved.ShouldBeTrue();
        _logger.Lines.ShouldContain(line => line.Contains("failed and is closed", StringComparison.Ordinal));
        _thread.Ended.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Packets_that_fail_authentication_are_told_once_a_minute_as_a_count()
    {
        var events = new FailingEvents();
        var (session, dtls) = Make(events);
        session.Session.Receive(new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true), IceTestPeer.Home, session.CreatedAt);
        dtls.State = DtlsState.Connected;
        dtls.Keys = new(MediaScore.WebRtc.Srtp.SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12], new byte[16], new byte[12]);
        session.Session.AdvanceDtls(session.CreatedAt);
        for (var i = 0; i < 100; i++)
            session.Session.Receive((byte[])[0x80, 111, 0, (byte)i, .. new byte[60]], IceTestPeer.Home, session.CreatedAt);

        _thread.Post(session, LoopRequests.Register);
        _thread.Start();
        session.SetCloseReason(CloseReason.ByOwner);
        await _logger.Said("failed authentication in the last minute").WaitAsync(LoopFixture.Patience);
        _thread.Post(session, LoopRequests.Close);
        await events.Closed.WaitAsync(LoopFixture.Patience);
        await _thread.StopAsync();

        _logger.Lines.Where(line => line.Contains("in the last minute", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith("100 packets");
    }

    [Fact]
    public async Task A_session_that_comes_when_the_thread_has_ended_is_closed_and_told()
    {
        _thread.Start();
        await _thread.StopAsync();
        var events = new FailingEvents();
        var (session, _) = Make(events);
        _thread.TryReserve(1).ShouldBeTrue();

        _thread.Post(session, LoopRequests.Register);

        (await events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.Stopping);
        _thread.Snapshot().SessionCount.ShouldBe(0);
    }

    private static IceRestart Restart(LoopSession session)
    {
        var restart = new IceRestart(new IceCredentials("other", "otherPasswordOf32Characters00001"), [], new TaskCompletionSource<IceRestartResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        session.SetRestart(restart);
        return restart;
    }

    private (LoopSession Session, FakeDtlsServer Dtls) Make(IRtcEvents events)
    {
        var media = new NegotiatedMedia(MediaKind.Audio, "0", RtpCodec.Opus, 111, null, 48_000, default, RtcpFeedbackKinds.None);
        var negotiated = new NegotiatedSession(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials, [], [media]);
        var connection = new RtcConnection(null!, "id");
        var session = new LoopSession(connection) { Negotiated = negotiated, RemoteIce = negotiated.RemoteIce, CreatedAt = new Instant(0) };
        connection.Attach(session);
        var dtls = new FakeDtlsServer();
        session.Session = new RtcSession(negotiated, new RtcSessionOptions(), dtls, _thread, events, 1, "cname", session.CreatedAt);
        return (session, dtls);
    }

    private sealed class FailingEvents : IRtcEvents
    {
        private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RtcState? FailsAt { get; init; }

        public Action? WhenClosed { get; init; }

        public Task<CloseReason> Closed => _closed.Task;

        public void OnFrame(in EncodedFrame frame)
        {
        }

        public void OnState(RtcState state, CloseReason reason)
        {
            if (state == FailsAt)
                throw new IOException("disk full");
            if (state != RtcState.Closed)
                return;
            WhenClosed?.Invoke();
            _closed.TrySetResult(reason);
        }
    }
}
