using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

public sealed class IceRestartTests : IDisposable
{
    private static readonly IceCredentials NewServer = new("serverFragment02", "serverPasswordOf32Characters0002");
    private static readonly IceCredentials NewPeer = new("pee2", "peerPasswordOf32Characters000002");
    private static readonly IceCredentials NewestServer = new("serverFragment03", "serverPasswordOf32Characters0003");
    private static readonly IceCredentials NewestPeer = new("pee3", "peerPasswordOf32Characters000003");

    private readonly IceTestPeer _peer = new();
    private readonly IceLiteAgent _agent = new(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponseLength];

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Old_credentials_count_until_the_first_check_with_the_new_ones()
    {
        Old(IceTestPeer.Home, 0).ShouldBe(IceVerdict.Accepted);

        _agent.Restart(NewServer, NewPeer);

        _agent.Local.ShouldBe(NewServer);
        _agent.PreviousLocal.ShouldBe(IceTestPeer.ServerCredentials);
        Old(IceTestPeer.Home, 1).ShouldBe(IceVerdict.Accepted);
        New(IceTestPeer.Cellular, 2).ShouldBe(IceVerdict.Accepted);
        _agent.PreviousLocal.ShouldBeNull();
        Old(IceTestPeer.Home, 3).ShouldBe(IceVerdict.Unauthenticated);
        _agent.Selected.ShouldBe(IceTestPeer.Cellular);
    }

    [Fact]
    public void Media_goes_on_from_the_old_address_during_the_restart()
    {
        Old(IceTestPeer.Home, 0);

        _agent.Restart(NewServer, NewPeer);

        _agent.IsValidated(IceTestPeer.Home).ShouldBeTrue();
        _agent.Selected.ShouldBe(IceTestPeer.Home);
        _agent.State.ShouldBe(IceState.Connected);
    }

    [Fact]
    public void A_forged_check_with_the_new_names_does_not_end_the_old_credentials()
    {
        Old(IceTestPeer.Home, 0);
        _agent.Restart(NewServer, NewPeer);

        Receive(_peer.Check(NewServer, from: NewPeer, password: "guess"), IceTestPeer.Cellular, 1).ShouldBe(IceVerdict.Unauthenticated);

        Old(IceTestPeer.Home, 2).ShouldBe(IceVerdict.Accepted);
    }

    [Fact]
    public void Names_of_both_generations_do_not_mix()
    {
        Old(IceTestPeer.Home, 0);
        _agent.Restart(NewServer, NewPeer);

        Receive(_peer.Check(NewServer, from: IceTestPeer.PeerCredentials), IceTestPeer.Home, 1).ShouldBe(IceVerdict.Unauthenticated);
        Receive(_peer.Check(IceTestPeer.ServerCredentials, from: NewPeer), IceTestPeer.Home, 1).ShouldBe(IceVerdict.Unauthenticated);
    }

    [Fact]
    public void A_second_restart_before_the_first_was_used_keeps_what_the_peer_uses()
    {
        Old(IceTestPeer.Home, 0);
        _agent.Restart(NewServer, NewPeer);

        _agent.Restart(NewestServer, NewestPeer);

        Old(IceTestPeer.Home, 1).ShouldBe(IceVerdict.Accepted);
        New(IceTestPeer.Home, 2).ShouldBe(IceVerdict.Unauthenticated);
        Receive(_peer.Check(NewestServer, from: NewestPeer), IceTestPeer.Home, 3).ShouldBe(IceVerdict.Accepted);
        Old(IceTestPeer.Home, 4).ShouldBe(IceVerdict.Unauthenticated);
    }

    private IceVerdict Old(RemoteAddress from, double seconds) => Receive(_peer.Check(IceTestPeer.ServerCredentials, useCandidate: true), from, seconds);

    private IceVerdict New(RemoteAddress from, double seconds) => Receive(_peer.Check(NewServer, useCandidate: true, from: NewPeer), from, seconds);

    private IceVerdict Receive(byte[] check, RemoteAddress from, double seconds) => _agent.Receive(check, from, IceTestPeer.At(seconds), _response, out _);
}
