namespace MediaScore.WebRtc.Srtp;

/// <summary>Lengths in bytes.</summary>
internal static class SrtpProfileSizes
{
    /// <summary>Most that protection adds to an RTP packet: the tag of AES-GCM.</summary>
    public const int MaxRtpOverhead = 16;

    /// <summary>Most that protection adds to an RTCP packet: that tag, and the word with the E bit and the index.</summary>
    public const int MaxRtcpOverhead = 16 + 4;

    public static int KeyLength(this SrtpProfile profile) => profile == SrtpProfile.AeadAes256Gcm ? 32 : 16;

    public static int SaltLength(this SrtpProfile profile) => profile == SrtpProfile.Aes128CmSha1Tag80 ? 14 : 12;

    public static int TagLength(this SrtpProfile profile) => profile == SrtpProfile.Aes128CmSha1Tag80 ? 10 : 16;
}
