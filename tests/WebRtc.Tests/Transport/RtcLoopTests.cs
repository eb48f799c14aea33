using System.Net;
using MediaScore.Peers.Dtls;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>The loop on real sockets with in-house senders.</summary>
public sealed class RtcLoopTests
{
    [Theory]
    [InlineData(TransportKind.Udp, "127.0.0.1", 7)]
    [InlineData(TransportKind.Udp, "127.0.0.1", 8)]
    [InlineData(TransportKind.Udp, "127.0.0.1", 1)]
    [InlineData(TransportKind.Tcp, "127.0.0.1", 7)]
    [InlineData(TransportKind.Udp, "::1", 7)]
    [InlineData(TransportKind.Tcp, "::1", 1)]
    public async Task Sound_and_pictures_arrive_over_every_way_and_in_every_profile(TransportKind transport, string address, int profile)
    {
        Assert.SkipUnless(address != "::1" || HasIPv6Loopback(), "no IPv6 loopback here");
        await using var fixture = new LoopFixture(o => o.Address = address);

        var sender = await fixture.ConnectAsync(LoopFixture.Sender with { Transport = transport, Dtls = new DtlsPeerOptions { SrtpProfiles = [profile] } });
        await sender.Events.MoreAudio(40).WaitAsync(LoopFixture.Patience);

        sender.Events.VideoFrames.ShouldBeGreaterThan(5);
        sender.Connection.State.ShouldBe(RtcState.Connected);
        sender.Connection.Statistics.Transport.ShouldBe(transport);
        sender.Connection.Statistics.AuthenticationFailureCount.ShouldBe(0);
        sender.Events.States.ShouldBe([RtcState.Connecting, RtcState.Connected]);
    }

    [Fact]
    public async Task A_dual_mode_socket_takes_IPv4_and_names_the_public_address()
    {
        Assert.SkipUnless(HasIPv6Loopback(), "no IPv6 here");
        await using var fixture = new LoopFixture(o =>
        {
            o.Address = "::";
            o.PublicAddresses = ["127.0.0.1"];
        });

        var sender = await fixture.ConnectAsync();

        fixture.Loop.UdpEndPoints.Select(e => e.Address).ShouldBe([IPAddress.Loopback]);
        sender.Connection.State.ShouldBe(RtcState.Connected);
    }

    [Fact]
    public async Task The_owners_close_reaches_the_peer_at_once()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();

        sender.Connection.Close();
        sender.Connection.Close(CloseReason.Stopping);

        (await sender.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.ByOwner);
        await sender.Peer.Ended.WaitAsync(LoopFixture.Patience);
        await fixture.IdleAsync();
        sender.Connection.State.ShouldBe(RtcState.Closed);
    }

    [Fact]
    public async Task A_peer_that_says_goodbye_ends_its_session_at_once()
    {
        await using var fixture = new LoopFixture { LosesDelete = true };
        var sender = await fixture.ConnectAsync();

        await sender.Peer.StopAsync();

        (await sender.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBeOneOf(CloseReason.Bye, CloseReason.DtlsClosed);
        await fixture.IdleAsync();
    }

    [Theory]
    [InlineData(TransportKind.Udp)]
    [InlineData(TransportKind.Tcp)]
    public async Task A_peer_that_vanishes_is_waited_for_and_then_given_up(TransportKind transport)
    {
        var time = new JumpingTime();
        await using var fixture = new LoopFixture(o => o.ConsentGraceSeconds = 60, time);
        var sender = await fixture.ConnectAsync(LoopFixture.Sender with { Transport = transport });

        await sender.Peer.CrashAsync();
        time.Jump(TimeSpan.FromSeconds(31));
        await sender.Events.Reached(RtcState.Disconnected).WaitAsync(LoopFixture.Patience);
        time.Jump(TimeSpan.FromSeconds(61));

        (await sender.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.ConsentLost);
        await fixture.IdleAsync();
    }

    [Fact]
    public async Task Media_go_on_from_another_address_after_an_authenticated_check()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();

        sender.Peer.ChangeAddress(noticed: true);
        await sender.Events.MoreAudio(50).WaitAsync(LoopFixture.Patience);

        sender.Events.States.ShouldBe([RtcState.Connecting, RtcState.Connected]);
        sender.Connection.State.ShouldBe(RtcState.Connected);
    }

    [Fact]
    public async Task An_ICE_restart_changes_credentials_and_nothing_else()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();

        (await sender.Peer.RestartIceAsync()).Status.ShouldBe(HttpStatusCode.OK);
        sender.Peer.ChangeAddress(noticed: true);
        await sender.Events.MoreAudio(50).WaitAsync(LoopFixture.Patience);

        sender.Connection.IceGeneration.ShouldBe(1);
        sender.Events.States.ShouldBe([RtcState.Connecting, RtcState.Connected]);
        sender.Events.LostAudio.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task A_restart_of_a_closed_session_or_without_credentials_is_refused()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();

        (await sender.Connection.RestartIceAsync("not a fragment")).Refusal.ShouldBe(IceRestartRefusal.BadFragment);
        (await sender.Connection.RestartIceAsync("")).Refusal.ShouldBe(IceRestartRefusal.NoRestart);
        sender.Connection.Close();
        await sender.Events.Closed.WaitAsync(LoopFixture.Patience);
        (await sender.Connection.RestartIceAsync("a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n")).Refusal.ShouldBe(IceRestartRefusal.Closed);
    }

    [Fact]
    public async Task One_sessions_fault_harms_no_other()
    {
        await using var fixture = new LoopFixture();
        var healthy = await fixture.ConnectAsync();

        fixture.MakeEvents = () => new RecordedEvents { Fault = new InvalidOperationException("the owner's bug") };
        var faulty = await fixture.StartAsync();

        (await faulty.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.Fault);
        await healthy.Events.MoreAudio(20).WaitAsync(LoopFixture.Patience);
        fixture.Loop.Snapshot().SessionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_not_let_in()
    {
        await using var fixture = new LoopFixture();
        var sender = await fixture.StartAsync(LoopFixture.Sender with { Dtls = new DtlsPeerOptions { SendsCertificate = false } });

        (await sender.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.HandshakeFailed);
        sender.Events.AudioFrames.ShouldBe(0);
        await fixture.IdleAsync();
    }

    [Fact]
    public async Task Offers_are_refused_with_the_reason()
    {
        await using var fixture = new LoopFixture(o => o.MaxSessions = 1);

        fixture.Loop.Answer("no SDP", new RtcAnswerOptions(), new RecordedEvents()).Refusal.ShouldBe(RtcRefusal.BadOffer);
        fixture.Loop.Answer("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", new RtcAnswerOptions(), new RecordedEvents()).Refusal.ShouldBe(RtcRefusal.Unacceptable);
        await fixture.ConnectAsync();
        fixture.Loop.Answer("no SDP", new RtcAnswerOptions(), new RecordedEvents()).Refusal.ShouldBe(RtcRefusal.Full);
        fixture.Loop.BeginDrain();
        fixture.Loop.Answer("no SDP", new RtcAnswerOptions(), new RecordedEvents()).Refusal.ShouldBe(RtcRefusal.Draining);
    }

    [Fact]
    public async Task An_answer_that_fails_takes_no_place()
    {
        await using var fixture = new LoopFixture(o => o.MaxSessions = 1);

        Should.Throw<NullReferenceException>(() => fixture.Loop.Answer(null!, new RtcAnswerOptions(), new RecordedEvents()));

        fixture.Loop.Snapshot().SessionCount.ShouldBe(0);
        await fixture.ConnectAsync();
    }

    [Fact]
    public void What_is_handed_to_the_owner_shows_no_password()
    {
        new RtcAnswer(RtcRefusal.None, "", "a=ice-pwd:secret", null).ToString().ShouldNotContain("secret");
        new IceRestartResult(IceRestartRefusal.None, "a=ice-pwd:secret").ToString().ShouldNotContain("secret");
        new MediaScore.WebRtc.Sdp.SdpAttribute("ice-pwd", "secret").ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_buffer_that_the_kernel_clamps_is_warned_of()
    {
        const int wanted = 64 * 1024 * 1024;
        Assert.SkipUnless(File.Exists("/proc/sys/net/core/rmem_max"), "no such limit here");
        var limit = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/core/rmem_max"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipUnless(limit < wanted, "this machine gives that much");
        using var log = new RecordedLog();

        await using var loop = RtcLoop.Start(new RtcOptions { UdpPort = 0, TcpPort = -1, ReceiveBufferBytes = wanted }, TimeProvider.System, log);

        log.Lines.ShouldContain(line => line.Contains($"a buffer of {limit} bytes instead of {wanted}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draining_lets_sessions_go_on_and_disposing_ends_them()
    {
        var fixture = new LoopFixture();
        var sender = await fixture.ConnectAsync();

        fixture.Loop.BeginDrain();
        await sender.Events.MoreAudio(10).WaitAsync(LoopFixture.Patience);
        await fixture.DisposeAsync();

        (await sender.Events.Closed).ShouldBeOneOf(CloseReason.Stopping, CloseReason.Bye);
        await fixture.Loop.DisposeAsync();
    }

    [Fact]
    public async Task A_session_to_which_nobody_comes_is_over_after_its_time()
    {
        var time = new JumpingTime();
        await using var fixture = new LoopFixture(time: time);
        var sender = await fixture.StartAsync(network: new(MediaScore.Peers.Network.NetworkConditions.Perfect with { LossPercent = 100 }, MediaScore.Peers.Network.NetworkConditions.Perfect));

        time.Jump(TimeSpan.FromSeconds(31));

        (await sender.Events.Closed.WaitAsync(LoopFixture.Patience)).ShouldBe(CloseReason.HandshakeTimeout);
        await fixture.IdleAsync();
    }

    private static bool HasIPv6Loopback() =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Any(n => n.GetIPProperties().UnicastAddresses.Any(a => a.Address.Equals(IPAddress.IPv6Loopback)));
}
