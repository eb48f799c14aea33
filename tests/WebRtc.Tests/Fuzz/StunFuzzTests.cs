using System.Buffers.Binary;
using System.Net;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Tests.Ice;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class StunFuzzTests
{
    private static readonly RemoteAddress From = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000));

    [Fact]
    public void Nothing_that_is_changed_is_answered_and_nothing_is_thrown()
    {
        var valid = new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true);
        var original = Convert.ToHexString(valid);
        List<byte[]> seeds = [valid, valid, valid, .. Rfc5769Vectors.All, .. FuzzCases.Corpus("*", "corpus/stun"), .. FuzzCases.Corpus("stun*.bin", "packets")];
        using var agent = new IceLiteAgent(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
        var response = new byte[IceLiteAgent.MaxResponseLength];
        using var key = new StunIntegrityKey(IceTestPeer.ServerCredentials.Password);
        var unknown = new ushort[8];

        FuzzCases.Run(seeds, 2_048, (buffer, length) =>
        {
            var datagram = buffer.AsSpan(0, length);
            var verdict = agent.Receive(datagram, From, new Instant(0), response, out var responseLength);
            IceLiteAgent.TryReadUserFragment(datagram, out _);

            if (verdict == IceVerdict.Accepted)
                Convert.ToHexString(datagram).ShouldBe(original);
            (responseLength > 0).ShouldBe(verdict is IceVerdict.Accepted or IceVerdict.Refused);
            responseLength.ShouldBeLessThanOrEqualTo(length);
            if (!StunMessage.TryParse(datagram, out var message))
                return;
            message.VerifyIntegrity(key);
            message.VerifyFingerprint();
            message.TryReadMappedAddress(TransportKind.Udp, out _);
            message.FindUnknownRequired(unknown);
            message.ErrorCode.ShouldBeInRange(0, 799);
        });
    }

    [Fact]
    public void A_peer_that_signs_nonsense_gets_an_answer_that_fits_or_none()
    {
        var check = new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true, integrity: false, fingerprint: false);
        List<byte[]> seeds = [check[StunMessage.HeaderLength..], check[StunMessage.HeaderLength..], Rfc5769Vectors.IPv6Response[StunMessage.HeaderLength..]];
        using var agent = new IceLiteAgent(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
        using var key = new StunIntegrityKey(IceTestPeer.ServerCredentials.Password);
        var signed = new byte[2_048];
        var response = new byte[IceLiteAgent.MaxResponseLength];
        var verdicts = new int[5];

        FuzzCases.Run(seeds, 1_024, (attributes, length) =>
        {
            // Attributes of any kind under a right header, checksum and hash: what only a peer can send.
            length &= ~3;
            check.AsSpan(0, StunMessage.HeaderLength).CopyTo(signed);
            attributes.AsSpan(0, length).CopyTo(signed.AsSpan(StunMessage.HeaderLength));
            var total = StunMessage.HeaderLength + length;
            BinaryPrimitives.WriteUInt32BigEndian(signed.AsSpan(total), 0x0008_0014);
            key.Compute(signed.AsSpan(0, total), signed.AsSpan(total + 4));
            total += 24;
            BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(2), (ushort)(total + 8 - StunMessage.HeaderLength));
            BinaryPrimitives.WriteUInt32BigEndian(signed.AsSpan(total), 0x8028_0004);
            BinaryPrimitives.WriteUInt32BigEndian(signed.AsSpan(total + 4), StunFingerprint.Compute(signed.AsSpan(0, total)));
            total += 8;

            var verdict = agent.Receive(signed.AsSpan(0, total), From, new Instant(0), response, out var responseLength);

            verdicts[(int)verdict]++;
            (responseLength > 0).ShouldBe(verdict is IceVerdict.Accepted or IceVerdict.Refused);
            responseLength.ShouldBeLessThanOrEqualTo(total);
        });

        // Every way through was taken.
        foreach (var verdict in new[] { IceVerdict.Malformed, IceVerdict.Unauthenticated, IceVerdict.Refused, IceVerdict.Accepted })
            verdicts[(int)verdict].ShouldBeGreaterThan(0, verdict.ToString());
    }

    [Fact]
    public void Inputs_that_crashed_other_stacks_are_survived()
    {
        using var agent = new IceLiteAgent(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);
        foreach (var input in FuzzCases.Corpus("*", "corpus/stun"))
            agent.Receive(input, From, new Instant(0), new byte[IceLiteAgent.MaxResponseLength], out _).ShouldBeOneOf(IceVerdict.Malformed, IceVerdict.Ignored, IceVerdict.Unauthenticated);
    }

    [Theory]
    // Found by other stacks' fuzzers or by hand: lengths that lie, an attribute that runs over the end, integrity of the wrong size.
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000100002112A442")]
    [InlineData("000100042112A442000000000000000000000000" + "0006FFFF")]
    [InlineData("000100082112A442000000000000000000000000" + "0008000400000000")]
    [InlineData("0001000C2112A442000000000000000000000000" + "802800080000000000000000")]
    [InlineData("000100042112A442000000000000000000000000" + "00080014")]
    [InlineData("0001FFFC2112A442000000000000000000000000")]
    public void Lies_about_lengths_are_malformed(string hex)
    {
        using var agent = new IceLiteAgent(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials);

        agent.Receive(Convert.FromHexString(hex), From, new Instant(0), new byte[IceLiteAgent.MaxResponseLength], out var length).ShouldBe(IceVerdict.Malformed);

        length.ShouldBe(0);
    }
}
