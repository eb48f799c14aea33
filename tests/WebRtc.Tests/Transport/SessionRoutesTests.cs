using MediaScore.WebRtc.Tests.Ice;
using MediaScore.WebRtc.Tests.Sessions;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>Whose an address is when two sessions prove it: one candidate's check may carry another's address.</summary>
public sealed class SessionRoutesTests
{
    private readonly SessionRoutes _routes = new(_ => { }, _ => { });
    private readonly IceTestPeer _peer = new();

    [Fact]
    public void An_address_that_a_session_uses_is_not_taken_from_it()
    {
        using var owner = new SessionBench();
        using var thief = new SessionBench();
        var (ours, theirs) = (Wrap(owner), Wrap(thief));
        Check(ours, 0);

        for (var i = 1; i < 30; i++)
        {
            Check(theirs, i);
            Check(theirs, i + 0.5);
            if (i % 3 == 0)
                Check(ours, i + 0.6);
            _routes.Find(IceTestPeer.Home).ShouldBe(ours);
        }

        _routes.AddressCount.ShouldBe(1);
    }

    [Fact]
    public void An_address_whose_session_is_silent_goes_to_the_one_that_proves_it()
    {
        using var first = new SessionBench();
        using var second = new SessionBench();
        var (before, after) = (Wrap(first), Wrap(second));
        Check(before, 0);

        Check(after, 4);
        _routes.Find(IceTestPeer.Home).ShouldBe(before);
        Check(after, 5);

        _routes.Find(IceTestPeer.Home).ShouldBe(after);
    }

    [Fact]
    public void A_session_that_lost_its_address_has_it_back_with_its_next_check()
    {
        using var first = new SessionBench();
        using var second = new SessionBench();
        var (before, after) = (Wrap(first), Wrap(second));
        Check(before, 0);
        Check(after, 10);

        _routes.Remove(after);
        Check(before, 11);

        _routes.Find(IceTestPeer.Home).ShouldBe(before);
        _routes.Remove(before);
        _routes.AddressCount.ShouldBe(0);
    }

    private static LoopSession Wrap(SessionBench bench) => new(new RtcConnection(null!, "id"))
    {
        Negotiated = null!,
        RemoteIce = IceTestPeer.PeerCredentials,
        Session = bench.Session,
    };

    // As the loop does it.
    private void Check(LoopSession session, double seconds)
    {
        var now = SessionBench.At(seconds);
        session.Session.Receive(_peer.Check(IceTestPeer.ServerCredentials, useCandidate: true), IceTestPeer.Home, now);
        _routes.Update(session, now);
        session.Session.Ice.WasChecked(IceTestPeer.Home, now).ShouldBeTrue();
        _routes.Claim(session, IceTestPeer.Home, now);
    }
}
