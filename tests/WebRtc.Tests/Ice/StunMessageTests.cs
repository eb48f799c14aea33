using System.Net;
using System.Text;
using MediaScore.TestMedia;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

public sealed class StunMessageTests
{
    [Fact]
    public void Request_of_RFC_5769_is_read_and_verified()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password);

        StunMessage.TryParse(Rfc5769Vectors.Request, out var message).ShouldBeTrue();

        message.Class.ShouldBe(StunClass.Request);
        message.Method.ShouldBe(StunMessage.BindingMethod);
        message.TryFind(StunAttribute.UserName, out var userName).ShouldBeTrue();
        Encoding.ASCII.GetString(userName).ShouldBe(Rfc5769Vectors.UserName);
        message.TryFind(StunAttribute.IceControlled, out var tieBreaker).ShouldBeTrue();
        Convert.ToHexString(tieBreaker).ShouldBe("932FF9B151263B36");
        message.VerifyIntegrity(key).ShouldBeTrue();
        message.VerifyFingerprint().ShouldBeTrue();
        message.FindUnknownRequired(new ushort[8]).ShouldBe(0);
    }

    [Fact]
    public void Responses_of_RFC_5769_tell_the_mapped_address()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password);
        foreach (var (bytes, address) in new[] { (Rfc5769Vectors.IPv4Response, "192.0.2.1"), (Rfc5769Vectors.IPv6Response, "2001:db8:1234:5678:11:2233:4455:6677") })
        {
            StunMessage.TryParse(bytes, out var message).ShouldBeTrue();

            message.Class.ShouldBe(StunClass.Success);
            message.VerifyIntegrity(key).ShouldBeTrue();
            message.VerifyFingerprint().ShouldBeTrue();
            message.TryReadMappedAddress(TransportKind.Udp, out var mapped).ShouldBeTrue();
            mapped.ToEndPoint().ShouldBe(new IPEndPoint(IPAddress.Parse(address), 32_853));
        }
    }

    [Fact]
    public void Long_term_request_of_RFC_5769_has_integrity_and_no_fingerprint()
    {
        StunMessage.TryParse(Rfc5769Vectors.LongTermRequest, out var message).ShouldBeTrue();

        message.HasIntegrity.ShouldBeTrue();
        message.VerifyFingerprint().ShouldBeFalse();
        message.TryFind(StunAttribute.UserName, out var userName).ShouldBeTrue();
        Encoding.UTF8.GetString(userName).ShouldBe("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9");
    }

    [Fact]
    public void Every_single_changed_bit_of_a_request_is_noticed()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password);
        for (var bit = 0; bit < Rfc5769Vectors.Request.Length * 8; bit++)
        {
            var changed = Rfc5769Vectors.Request.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);

            var accepted = StunMessage.TryParse(changed, out var message) && message.VerifyIntegrity(key) && message.VerifyFingerprint();

            accepted.ShouldBeFalse($"bit {bit}");
        }
    }

    [Fact]
    public void Another_password_does_not_verify()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password + "x");
        StunMessage.TryParse(Rfc5769Vectors.Request, out var message).ShouldBeTrue();

        message.VerifyIntegrity(key).ShouldBeFalse();
    }

    [Fact]
    public void What_follows_the_integrity_is_not_seen()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password);
        var buffer = new byte[256];
        var writer = new StunMessageWriter(buffer, StunClass.Request, Rfc5769Vectors.Request.AsSpan(8, 12));
        writer.WriteIntegrity(key);
        writer.WriteUseCandidate();
        writer.WriteFingerprint();

        StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message).ShouldBeTrue();

        message.VerifyIntegrity(key).ShouldBeTrue();
        message.VerifyFingerprint().ShouldBeTrue();
        message.TryFind(StunAttribute.UseCandidate, out _).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_may_follow_the_fingerprint()
    {
        var buffer = new byte[256];
        var writer = new StunMessageWriter(buffer, StunClass.Request, Rfc5769Vectors.Request.AsSpan(8, 12));
        writer.WriteFingerprint();
        writer.WriteUseCandidate();

        StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out _).ShouldBeFalse();
    }

    [Fact]
    public void Other_demultiplexed_protocols_do_not_look_like_STUN()
    {
        // DTLS (20 to 63), RTP and RTCP (128 to 191), by the first byte (RFC 7983); and STUN of before the cookie (RFC 3489).
        foreach (var first in new byte[] { 20, 22, 63, 64, 128, 144, 191, 255 })
        {
            var datagram = Rfc5769Vectors.Request.ToArray();
            datagram[0] = first;
            StunMessage.LooksLikeStun(datagram).ShouldBeFalse();
        }

        var classic = Rfc5769Vectors.Request.ToArray();
        classic[4] ^= 1;
        StunMessage.LooksLikeStun(classic).ShouldBeFalse();
    }

    [Fact]
    public void Checks_of_other_stacks_are_read()
    {
        Assert.SkipWhen(SharedTestData.TryFind("webrtc", "packets") is null, SharedTestData.SkipReason);
        foreach (var (file, fragment) in new[] { ("stun_binding_request_ice_controlled.bin", "AYeZ"), ("stun_binding_request_ice_controlling.bin", "sw7YvCSbcVex3bhi") })
        {
            var bytes = File.ReadAllBytes(SharedTestData.TryFind("webrtc", "packets", file)!);

            StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
            message.VerifyFingerprint().ShouldBeTrue();
            IceLiteAgent.TryReadUserFragment(bytes, out var local).ShouldBeTrue();
            Encoding.ASCII.GetString(local).ShouldBe(fragment);
        }
    }
}
