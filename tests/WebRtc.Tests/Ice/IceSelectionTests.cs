using System.Net;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

/// <summary>Where packets go and where they may come from, over changes of the network.</summary>
public sealed class IceSelectionTests : IDisposable
{
    private readonly IceTestPeer _peer = new();
    private readonly IceLiteAgent _agent = new(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponseLength];

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Before_any_nomination_the_first_address_is_taken()
    {
        Check(IceTestPeer.Home, 0);

        _agent.Selected.ShouldBe(IceTestPeer.Home);
        _agent.State.ShouldBe(IceState.Connected);
    }

    [Fact]
    public void A_nomination_moves_the_session_to_another_network()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);
        var version = _agent.SelectedVersion;

        Check(IceTestPeer.Cellular, 1, useCandidate: true);

        _agent.Selected.ShouldBe(IceTestPeer.Cellular);
        _agent.SelectedVersion.ShouldBe(version + 1);
        _agent.IsValidated(IceTestPeer.Home).ShouldBeTrue();
    }

    [Fact]
    public void A_check_without_nomination_does_not_move_it()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);

        Check(IceTestPeer.Cellular, 1);

        _agent.Selected.ShouldBe(IceTestPeer.Home);
        _agent.IsValidated(IceTestPeer.Cellular).ShouldBeTrue();
    }

    [Fact]
    public void A_forged_nomination_does_not_move_it()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);

        _agent.Receive(_peer.Check(IceTestPeer.ServerCredentials, useCandidate: true, password: "guess"), IceTestPeer.Cellular, IceTestPeer.At(1), _response, out _);

        _agent.Selected.ShouldBe(IceTestPeer.Home);
        _agent.IsValidated(IceTestPeer.Cellular).ShouldBeFalse();
    }

    [Fact]
    public void A_new_port_of_the_peers_NAT_is_followed_when_the_old_one_is_silent()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);
        var rebound = IceTestPeer.Home with { Port = 40_001 };

        Check(rebound, 5);
        Check(rebound, 10);
        _agent.Selected.ShouldBe(IceTestPeer.Home);
        Check(rebound, 15);

        _agent.Selected.ShouldBe(rebound);
    }

    [Fact]
    public void An_ended_TCP_connection_gives_way_to_the_newest_other_address()
    {
        var tcp = IceTestPeer.Home with { Transport = TransportKind.Tcp, StreamId = 3 };
        Check(IceTestPeer.Home, 0);
        Check(tcp, 1, useCandidate: true);

        _agent.Forget(tcp);

        _agent.Selected.ShouldBe(IceTestPeer.Home);
        _agent.IsValidated(tcp).ShouldBeFalse();
        _agent.Forget(IceTestPeer.Home);
        _agent.Selected.ShouldBeNull();
    }

    [Fact]
    public void Eight_addresses_are_known_at_most_and_the_selected_one_stays()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);
        for (ushort port = 1; port <= 20; port++)
            Check(IceTestPeer.Cellular with { Port = port }, port * 0.1);

        _agent.Tuples.Length.ShouldBe(ValidatedTuples.Capacity);
        _agent.IsValidated(IceTestPeer.Home).ShouldBeTrue();
        _agent.IsValidated(IceTestPeer.Cellular with { Port = 13 }).ShouldBeFalse();
        for (ushort port = 14; port <= 20; port++)
            _agent.IsValidated(IceTestPeer.Cellular with { Port = port }).ShouldBeTrue();
        _agent.TuplesVersion.ShouldBe(21);
    }

    [Fact]
    public void An_address_without_checks_is_forgotten_unless_it_is_selected()
    {
        Check(IceTestPeer.Cellular, 0);
        Check(IceTestPeer.Home, 0, useCandidate: true);
        Check(IceTestPeer.Home, 29, useCandidate: true);
        Check(IceTestPeer.Home, 58, useCandidate: true);

        _agent.NextDeadline.ShouldBe(IceTestPeer.At(60));
        _agent.Advance(IceTestPeer.At(59.9));
        _agent.IsValidated(IceTestPeer.Cellular).ShouldBeTrue();
        _agent.Advance(IceTestPeer.At(60));

        _agent.IsValidated(IceTestPeer.Cellular).ShouldBeFalse();
        _agent.IsValidated(IceTestPeer.Home).ShouldBeTrue();
        _agent.Advance(IceTestPeer.At(600));
        _agent.IsValidated(IceTestPeer.Home).ShouldBeTrue();
    }

    [Fact]
    public void Consent_is_lost_after_thirty_seconds_without_checks_and_comes_back_with_one()
    {
        _agent.NextDeadline.ShouldBe(Instant.Never);
        Check(IceTestPeer.Home, 0, useCandidate: true);
        Check(IceTestPeer.Home, 5);
        _agent.NextDeadline.ShouldBe(IceTestPeer.At(35));

        _agent.Advance(IceTestPeer.At(34.999)).ShouldBe(IceState.Connected);
        _agent.Advance(IceTestPeer.At(35)).ShouldBe(IceState.Disconnected);
        _agent.NextDeadline.ShouldBe(Instant.Never);

        Check(IceTestPeer.Cellular, 50, useCandidate: true);
        _agent.State.ShouldBe(IceState.Connected);
        _agent.Selected.ShouldBe(IceTestPeer.Cellular);
    }

    [Fact]
    public void An_unauthenticated_check_does_not_renew_consent()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);

        _agent.Receive(_peer.Check(IceTestPeer.ServerCredentials, password: "guess"), IceTestPeer.Home, IceTestPeer.At(20), _response, out _);

        _agent.Advance(IceTestPeer.At(30)).ShouldBe(IceState.Disconnected);
    }

    [Fact]
    public void Addresses_differ_by_transport_and_scope()
    {
        Check(IceTestPeer.Home, 0, useCandidate: true);

        _agent.IsValidated(IceTestPeer.Home with { Transport = TransportKind.Tcp, StreamId = 1 }).ShouldBeFalse();
        var linkLocal = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("fe80::1%2"), 40_000));
        Check(linkLocal, 1);
        _agent.IsValidated(linkLocal with { ScopeId = 3 }).ShouldBeFalse();
    }

    private void Check(RemoteAddress from, double seconds, bool useCandidate = false) =>
        _agent.Receive(_peer.Check(IceTestPeer.ServerCredentials, useCandidate), from, IceTestPeer.At(seconds), _response, out _).ShouldBe(IceVerdict.Accepted);
}
