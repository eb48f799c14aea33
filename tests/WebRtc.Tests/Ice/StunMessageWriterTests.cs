using System.Net;
using System.Text;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

public sealed class StunMessageWriterTests
{
    [Fact]
    public void A_response_of_RFC_5769_is_written_byte_for_byte()
    {
        using var key = new StunIntegrityKey(Rfc5769Vectors.Password);
        foreach (var (expected, address) in new[] { (Rfc5769Vectors.IPv4Response, "192.0.2.1"), (Rfc5769Vectors.IPv6Response, "2001:db8:1234:5678:11:2233:4455:6677") })
        {
            var buffer = new byte[128];
            var writer = new StunMessageWriter(buffer, StunClass.Success, expected.AsSpan(8, 12));
            // The RFC pads with a space, we with zero: here the padding is written as part of the value and the length set right.
            writer.Write(StunAttribute.Software, Encoding.ASCII.GetBytes("test vector "));
            buffer[23] = 11;
            writer.WriteXorMappedAddress(RemoteAddress.From(new IPEndPoint(IPAddress.Parse(address), 32_853)));
            writer.WriteIntegrity(key);
            writer.WriteFingerprint();

            Convert.ToHexString(buffer, 0, writer.Length).ShouldBe(Convert.ToHexString(expected));
        }
    }

    [Fact]
    public void A_check_comes_back_as_it_was_written()
    {
        var bytes = new IceTestPeer().Check(IceTestPeer.ServerCredentials, useCandidate: true);
        using var key = new StunIntegrityKey(IceTestPeer.ServerCredentials.Password);

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();

        message.Class.ShouldBe(StunClass.Request);
        message.Method.ShouldBe(StunMessage.BindingMethod);
        message.TryFind(StunAttribute.UserName, out var userName).ShouldBeTrue();
        Encoding.ASCII.GetString(userName).ShouldBe("serverFragment01:peer");
        message.TryFind(StunAttribute.UseCandidate, out _).ShouldBeTrue();
        message.TryFind(StunAttribute.IceControlling, out _).ShouldBeTrue();
        message.TryFind(StunAttribute.IceControlled, out _).ShouldBeFalse();
        message.VerifyIntegrity(key).ShouldBeTrue();
        message.VerifyFingerprint().ShouldBeTrue();
    }

    [Theory]
    [InlineData(StunClass.Request)]
    [InlineData(StunClass.Indication)]
    [InlineData(StunClass.Success)]
    [InlineData(StunClass.Error)]
    internal void Class_and_method_survive(StunClass @class)
    {
        var buffer = new byte[20];
        var writer = new StunMessageWriter(buffer, @class, new byte[12]);

        StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message).ShouldBeTrue();

        message.Class.ShouldBe(@class);
        message.Method.ShouldBe(StunMessage.BindingMethod);
    }

    [Fact]
    public void An_error_and_its_unknown_attributes_are_readable()
    {
        var buffer = new byte[128];
        var writer = new StunMessageWriter(buffer, StunClass.Error, new byte[12]);
        writer.WriteErrorCode(420);
        writer.WriteUnknownAttributes([0x7FFF, 0x0030]);

        StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message).ShouldBeTrue();

        message.ErrorCode.ShouldBe(420);
        message.TryFind(StunAttribute.UnknownAttributes, out var unknown).ShouldBeTrue();
        Convert.ToHexString(unknown).ShouldBe("7FFF0030");
    }

    [Fact]
    public void What_does_not_fit_makes_no_message_at_all()
    {
        using var key = new StunIntegrityKey("password");
        for (var size = 0; size < 20 + 12 + 24 + 8; size++)
        {
            var buffer = new byte[size];
            var writer = new StunMessageWriter(buffer, StunClass.Success, new byte[12]);
            writer.WriteXorMappedAddress(IceTestPeer.Home);
            writer.WriteIntegrity(key);
            writer.WriteFingerprint();

            writer.Length.ShouldBe(0);
        }
    }
}
