using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

/// <summary>AES128_CM_HMAC_SHA1_80 against what others computed.</summary>
public sealed class CounterModeVectorTests
{
    // RFC 3711, B.3.
    private static readonly byte[] MasterKey = Convert.FromHexString("E1F97A0D3E018BE0D64FA32C06DE4139");
    private static readonly byte[] MasterSalt = Convert.FromHexString("0EC675AD498AFEEBB6960B3AABE6");

    [Theory]
    [InlineData(SrtpKeyDerivation.RtpEncryption, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData(SrtpKeyDerivation.RtpSalt, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData(
        SrtpKeyDerivation.RtpAuthentication,
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2DC68")]
    public void Session_keys_are_those_of_the_RFC(byte label, string expected)
    {
        var key = new byte[expected.Length / 2];

        SrtpKeyDerivation.Derive(MasterKey, MasterSalt, label, key);

        Convert.ToHexString(key).ShouldBe(expected);
    }

    /// <summary>RFC 3711, B.2: the key stream's first blocks, and those before and after 0xFEFF that show how far the counter reaches.</summary>
    [Fact]
    public void The_key_stream_is_that_of_the_RFC()
    {
        using var cipher = new CounterModeSrtpCipher(
            Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C"), Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), new byte[20]);
        const int HeaderLength = 12;
        var packet = new byte[HeaderLength + (0xFF02 * 16) + cipher.TagLength];

        cipher.SealRtp(packet, HeaderLength, ssrc: 0, index: 0);

        Convert.ToHexString(packet.AsSpan(HeaderLength, 48)).ShouldBe("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0");
        Convert.ToHexString(packet.AsSpan(HeaderLength + (0xFEFF * 16), 48))
            .ShouldBe("EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44");
    }

    /// <summary>libsrtp, <c>srtp_validate</c> of its test driver: the master key of RFC 3711, B.3.</summary>
    [Fact]
    public void An_RTP_packet_is_that_of_libsrtp()
    {
        var plain = Convert.FromHexString("800F1234DECAFBADCAFEBABEABABABABABABABABABABABABABABABAB");
        using var sender = new SrtpSender(SrtpProfile.Aes128CmSha1Tag80, MasterKey, MasterSalt);
        using var receiver = new SrtpReceiver(SrtpProfile.Aes128CmSha1Tag80, MasterKey, MasterSalt, maxSources: 1);
        var packet = new byte[plain.Length + sender.Overhead];

        sender.Protect(plain, packet).ShouldBe(packet.Length);

        Convert.ToHexString(packet).ShouldBe("800F1234DECAFBADCAFEBABE4E55DC4CE79978D88CA4D215949D2402B78D6ACC99EA179B8DBB");
        receiver.Unprotect(packet, out var length).ShouldBe(SrtpVerdict.Ok);
        packet[..length].ShouldBe(plain);
    }

    /// <summary>libsrtp, <c>srtp_validate</c>.</summary>
    [Fact]
    public void An_RTCP_packet_is_that_of_libsrtp()
    {
        var plain = Convert.FromHexString("81C8000BCAFEBABEABABABABABABABABABABABABABABABAB");
        using var sender = new SrtcpSender(SrtpProfile.Aes128CmSha1Tag80, MasterKey, MasterSalt, firstIndex: 1);
        using var receiver = new SrtcpReceiver(SrtpProfile.Aes128CmSha1Tag80, MasterKey, MasterSalt, maxSources: 1);
        var packet = new byte[plain.Length + sender.Overhead];

        sender.Protect(plain, packet).ShouldBe(packet.Length);

        Convert.ToHexString(packet).ShouldBe("81C8000BCAFEBABE7128035BE487B9BDBEF89041F977A5A880000001993E08CD54D6C1230798");
        receiver.Unprotect(packet, out var length).ShouldBe(SrtpVerdict.Ok);
        packet[..length].ShouldBe(plain);
    }
}
