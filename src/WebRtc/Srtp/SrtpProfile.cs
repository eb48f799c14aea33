namespace MediaScore.WebRtc.Srtp;

/// <summary>Protection profiles by their DTLS numbers (RFC 5764, 4.1.2; RFC 7714, 14.2). The only ones that are answered.</summary>
internal enum SrtpProfile : ushort
{
    Aes128CmSha1Tag80 = 1,
    AeadAes128Gcm = 7,
    AeadAes256Gcm = 8,
}
