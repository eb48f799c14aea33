using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

/// <summary>What is answered, and what is not.</summary>
public sealed class IceLiteAgentTests : IDisposable
{
    private static readonly IceCredentials Server = IceTestPeer.ServerCredentials;

    private readonly IceTestPeer _peer = new();
    private readonly IceLiteAgent _agent = new(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponseLength];

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void A_check_is_answered_with_the_address_it_came_from_and_integrity()
    {
        using var key = new StunIntegrityKey(Server.Password);
        foreach (var from in new[] { IceTestPeer.Home, IceTestPeer.Cellular })
        {
            var check = _peer.Check(Server);

            _agent.Receive(check, from, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Accepted);

            StunMessage.TryParse(_response.AsSpan(0, length), out var answer).ShouldBeTrue();
            answer.Class.ShouldBe(StunClass.Success);
            answer.TransactionId.SequenceEqual(check.AsSpan(8, 12)).ShouldBeTrue();
            answer.TryReadMappedAddress(TransportKind.Udp, out var mapped).ShouldBeTrue();
            mapped.ShouldBe(from);
            answer.VerifyIntegrity(key).ShouldBeTrue();
            answer.VerifyFingerprint().ShouldBeTrue();
            length.ShouldBeLessThanOrEqualTo(check.Length);
            _agent.IsValidated(from).ShouldBeTrue();
        }
    }

    public static TheoryData<string, byte[]> Unauthenticated()
    {
        var peer = new IceTestPeer();
        return new TheoryData<string, byte[]>
        {
            { "wrong password", peer.Check(Server, password: "guessedPasswordOf32Characters001") },
            { "no integrity", peer.Check(Server, integrity: false) },
            { "no fingerprint", peer.Check(Server, fingerprint: false) },
            { "neither", peer.Check(Server, integrity: false, fingerprint: false) },
            { "another session's fragment", peer.Check(new IceCredentials("otherFragment001", Server.Password)) },
            { "another peer's fragment", peer.Check(Server, from: new IceCredentials("evil", "x")) },
            { "an unknown attribute that must be understood, without password", peer.Check(Server, password: "guess", add: ((StunAttribute)0x7777, [1, 2, 3, 4])) },
            { "the other role, without password", peer.Check(Server, controlled: true, password: "guess") },
        };
    }

    [Theory]
    [MemberData(nameof(Unauthenticated))]
    public void Whoever_does_not_know_the_password_gets_nothing(string what, byte[] check)
    {
        _agent.Receive(check, IceTestPeer.Home, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Unauthenticated, what);

        length.ShouldBe(0);
        _agent.IsValidated(IceTestPeer.Home).ShouldBeFalse();
        _agent.Selected.ShouldBeNull();
        _agent.State.ShouldBe(IceState.New);
    }

    [Theory]
    [InlineData(StunClass.Indication)]
    [InlineData(StunClass.Success)]
    [InlineData(StunClass.Error)]
    internal void Indications_and_answers_are_ignored(StunClass @class)
    {
        _agent.Receive(_peer.Check(Server, @class: @class), IceTestPeer.Home, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Ignored);

        length.ShouldBe(0);
        _agent.IsValidated(IceTestPeer.Home).ShouldBeFalse();
    }

    [Fact]
    public void A_peer_that_says_controlled_is_told_of_the_conflict()
    {
        _agent.Receive(_peer.Check(Server, controlled: true), IceTestPeer.Home, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Refused);

        ReadError(length).ShouldBe(487);
        _agent.IsValidated(IceTestPeer.Home).ShouldBeFalse();
    }

    [Fact]
    public void An_unknown_attribute_that_must_be_understood_is_named()
    {
        var check = _peer.Check(Server, add: [((StunAttribute)0x7777, [1]), ((StunAttribute)0x0019, [2]), ((StunAttribute)0x7777, [3])]);

        _agent.Receive(check, IceTestPeer.Home, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Refused);

        ReadError(length).ShouldBe(420);
        StunMessage.TryParse(_response.AsSpan(0, length), out var answer).ShouldBeTrue();
        answer.TryFind(StunAttribute.UnknownAttributes, out var unknown).ShouldBeTrue();
        Convert.ToHexString(unknown).ShouldBe("77770019");
    }

    [Fact]
    public void The_longest_answer_fits_and_is_no_longer_than_its_request()
    {
        var many = Enumerable.Range(0x0100, 40).Select(type => ((StunAttribute)type, new byte[4])).ToArray();

        var check = _peer.Check(Server, add: many);
        _agent.Receive(check, IceTestPeer.Home, IceTestPeer.At(0), _response, out var length).ShouldBe(IceVerdict.Refused);

        length.ShouldBeInRange(1, Math.Min(check.Length, IceLiteAgent.MaxResponseLength));
    }

    [Fact]
    public void An_unknown_attribute_that_may_be_skipped_is_skipped()
    {
        // GOOG-NETWORK-INFO, as Chromium sends it.
        var check = _peer.Check(Server, add: ((StunAttribute)0xC057, [0, 1, 0, 10]));

        _agent.Receive(check, IceTestPeer.Home, IceTestPeer.At(0), _response, out _).ShouldBe(IceVerdict.Accepted);
    }

    [Fact]
    public void A_fragment_is_read_for_routing_and_nothing_else_is()
    {
        IceLiteAgent.TryReadUserFragment(_peer.Check(Server, integrity: false), out var fragment).ShouldBeTrue();
        System.Text.Encoding.ASCII.GetString(fragment).ShouldBe(Server.UserFragment);

        IceLiteAgent.TryReadUserFragment(_peer.Check(Server, @class: StunClass.Success), out _).ShouldBeFalse();
        IceLiteAgent.TryReadUserFragment(new byte[20], out _).ShouldBeFalse();
        IceLiteAgent.TryReadUserFragment(Rfc5769Vectors.IPv4Response, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_check_costs_no_allocation()
    {
        var check = _peer.Check(Server, useCandidate: true);
        var guess = _peer.Check(Server, password: "guessedPasswordOf32Characters001");
        for (var warm = 0; warm < 100; warm++)
            ReceiveBoth(check, guess);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var count = 0; count < 1_000; count++)
            ReceiveBoth(check, guess);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Nothing_secret_is_shown()
    {
        Server.ToString().ShouldBe("ICE credentials");
        IceCredentialsFactory.Create().ToString().ShouldBe("ICE credentials");
    }

    private void ReceiveBoth(byte[] check, byte[] guess)
    {
        _agent.Receive(check, IceTestPeer.Home, IceTestPeer.At(1), _response, out _);
        _agent.Receive(guess, IceTestPeer.Cellular, IceTestPeer.At(1), _response, out _);
        _agent.Advance(IceTestPeer.At(1));
        _ = _agent.NextDeadline;
        IceLiteAgent.TryReadUserFragment(check, out _);
    }

    private int ReadError(int length)
    {
        using var key = new StunIntegrityKey(Server.Password);
        StunMessage.TryParse(_response.AsSpan(0, length), out var answer).ShouldBeTrue();
        answer.Class.ShouldBe(StunClass.Error);
        answer.VerifyIntegrity(key).ShouldBeTrue();
        answer.VerifyFingerprint().ShouldBeTrue();
        return answer.ErrorCode;
    }
}
