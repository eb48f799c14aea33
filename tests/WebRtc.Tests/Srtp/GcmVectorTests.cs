using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM against what others computed.</summary>
public sealed class GcmVectorTests
{
    // RFC 7714, 16 and 17: session keys, session salt "Quid pro quo", one RTP and one RTCP packet.
    private const string Key128 = "000102030405060708090A0B0C0D0E0F";
    private const string Key256 = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
    private const string Rtp = "8040F17B8041F8D35501A0B247616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573";
    private const string Rtcp = "81C8000D4D6172734E5450314E545032525450200000042A0000E9304C756E61DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF";

    private static readonly byte[] Salt = "Quid pro quo"u8.ToArray();

    [Theory]
    [InlineData(Key128, "8040F17B8041F8D35501A0B2F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833899D7F27BEB16A9152CF765EE4390CCE")]
    [InlineData(Key256, "8040F17B8041F8D35501A0B232B1DE78A822FE12EF9F78FA332E33AAB18012389A58E2F3B50B2A0276FFAE0F1BA63799B87B7AA3DB36DFFFD6B0F9BB7878D7A76C13")]
    public void An_RTP_packet_is_that_of_the_RFC(string key, string expected)
    {
        using var cipher = new GcmSrtpCipher(Convert.FromHexString(key), Salt);
        var packet = Convert.FromHexString(Rtp + new string('0', 32));

        cipher.SealRtp(packet, 12, 0x5501A0B2, 0xF17B);

        Convert.ToHexString(packet).ShouldBe(expected);
        cipher.OpenRtp(packet, 12, 0x5501A0B2, 0xF17B).ShouldBeTrue();
        Convert.ToHexString(packet.AsSpan(..^16)).ShouldBe(Rtp);
    }

    [Theory]
    [InlineData(Key128, "81C8000D4D61727363E94885DCDAB67CA727D7662F6B7E997FF5C0F76C06F32DC676A5F1730D6FDA4CE09B4686303DED0BB9275BC84AA45896CF4D2FC5ABF87245D9EADE800005D4")]
    [InlineData(Key256, "81C8000D4D617273D50AE4D1F5CE5D304BA297E47D470C282C3ECE5DBFFE0A50A2EAA5C1110555BE8415F658C61DE0476F1B6FAD1D1EB30C4446839F57FF6F6CB26AC3BE800005D4")]
    public void An_RTCP_packet_is_that_of_the_RFC(string key, string expected)
    {
        using var cipher = new GcmSrtpCipher(Convert.FromHexString(key), Salt);
        var packet = Convert.FromHexString(Rtcp + new string('0', 40));

        cipher.SealRtcp(packet, 0x4D617273, SrtpCipher.EncryptedFlag | 0x5D4);

        Convert.ToHexString(packet).ShouldBe(expected);
        cipher.ReadIndexWord(packet).ShouldBe(0x800005D4);
        cipher.OpenRtcp(packet, 0x4D617273, 0x800005D4).ShouldBeTrue();
        Convert.ToHexString(packet.AsSpan(..^20)).ShouldBe(Rtcp);
    }

    /// <summary>RFC 7714, 17.3 and 17.4: the E bit is 0, all is in the clear and authenticated.</summary>
    [Theory]
    [InlineData(Key128, Rtcp + "841DD9683DD78EC92AE58790125F62B3000005D4")]
    [InlineData(Key256, Rtcp + "91DB4AFBFEEE5A978FAB4393ED2615FE000005D4")]
    public void An_RTCP_packet_that_is_only_authenticated_opens(string key, string hex)
    {
        using var cipher = new GcmSrtpCipher(Convert.FromHexString(key), Salt);
        var packet = Convert.FromHexString(hex);
        var forged = Convert.FromHexString(hex);
        forged[20] ^= 1;

        cipher.OpenRtcp(packet, 0x4D617273, 0x5D4).ShouldBeTrue();
        cipher.OpenRtcp(forged, 0x4D617273, 0x5D4).ShouldBeFalse();

        Convert.ToHexString(packet.AsSpan(..^20)).ShouldBe(Rtcp);
    }

    /// <summary>libsrtp, <c>srtp_validate_gcm</c> of its test driver: master keys, so that the key derivation for GCM is checked too, which the RFC has no vector for.</summary>
    [Fact]
    public void Packets_from_a_master_key_are_those_of_libsrtp()
    {
        var (key, salt) = (Convert.FromHexString(Key128), Convert.FromHexString("A0A1A2A3A4A5A6A7A8A9AAAB"));
        using var rtpSender = new SrtpSender(SrtpProfile.AeadAes128Gcm, key, salt);
        using var rtcpSender = new SrtcpSender(SrtpProfile.AeadAes128Gcm, key, salt, firstIndex: 1);
        var rtp = Convert.FromHexString("800F1234DECAFBADCAFEBABEABABABABABABABABABABABABABABABAB");
        var rtcp = Convert.FromHexString("81C8000BCAFEBABEABABABABABABABABABABABABABABABAB");
        var rtpPacket = new byte[rtp.Length + rtpSender.Overhead];
        var rtcpPacket = new byte[rtcp.Length + rtcpSender.Overhead];

        rtpSender.Protect(rtp, rtpPacket);
        rtcpSender.Protect(rtcp, rtcpPacket);

        Convert.ToHexString(rtpPacket).ShouldBe("800F1234DECAFBADCAFEBABEC5002EDE04CFDD2EB91159E0880AA06ED2976826F796B201DF3131A127E8A392");
        Convert.ToHexString(rtcpPacket).ShouldBe("81C8000BCAFEBABEC98B8B5DF0392A55852B6C21AC8E7025C52C6FBEA2B3B446EA31123BA88CE61E80000001");
    }
}
