namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// One direction's session keys, for RTP or for RTCP, and how packets are closed and opened with them in place. Holds its transforms for its life, since setting up a key costs as
/// much as a packet; one thread at a time.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>The E bit of the SRTCP index word (RFC 3711, 3.4): encrypted.</summary>
    public const uint EncryptedFlag = 0x8000_0000;

    public static SrtpCipher ForRtp(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) =>
        Create(profile, masterKey, masterSalt, SrtpKeyDerivation.RtpEncryption, SrtpKeyDerivation.RtpAuthentication, SrtpKeyDerivation.RtpSalt);

    public static SrtpCipher ForRtcp(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) =>
        Create(profile, masterKey, masterSalt, SrtpKeyDerivation.RtcpEncryption, SrtpKeyDerivation.RtcpAuthentication, SrtpKeyDerivation.RtcpSalt);

    public abstract int TagLength { get; }

    /// <param name="packet">Header, ciphertext, tag. Not to be used when the answer is false: it may be overwritten.</param>
    /// <param name="index">Roll-over counter and sequence number: 48 bits.</param>
    public abstract bool OpenRtp(Span<byte> packet, int headerLength, uint ssrc, long index);

    /// <param name="packet">Header, payload, room for the tag.</param>
    public abstract void SealRtp(Span<byte> packet, int headerLength, uint ssrc, long index);

    /// <summary>Length of an RTCP packet with index word and tag but no content: the least that can be opened.</summary>
    public int RtcpOverhead => TagLength + 4;

    /// <summary>The word of E bit and index, which the two ciphers have at different places.</summary>
    public abstract uint ReadIndexWord(ReadOnlySpan<byte> packet);

    /// <param name="packet">Whole: header, content, tag and index word in the cipher's order. Not to be used when the answer is false.</param>
    public abstract bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord);

    /// <param name="packet">Header, content, room for <see cref="RtcpOverhead"/> more.</param>
    public abstract void SealRtcp(Span<byte> packet, uint ssrc, uint indexWord);

    public abstract void Dispose();

    private static SrtpCipher Create(
        SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, byte encryptionLabel, byte authenticationLabel, byte saltLabel)
    {
        if (masterKey.Length != profile.KeyLength() || masterSalt.Length != profile.SaltLength())
            throw new ArgumentException($"{profile} has a key of {profile.KeyLength()} and a salt of {profile.SaltLength()} bytes, not {masterKey.Length} and {masterSalt.Length}.");
        Span<byte> key = stackalloc byte[masterKey.Length];
        Span<byte> salt = stackalloc byte[masterSalt.Length];
        SrtpKeyDerivation.Derive(masterKey, masterSalt, encryptionLabel, key);
        SrtpKeyDerivation.Derive(masterKey, masterSalt, saltLabel, salt);
        SrtpCipher cipher;
        if (profile == SrtpProfile.Aes128CmSha1Tag80)
        {
            Span<byte> authenticationKey = stackalloc byte[CounterModeSrtpCipher.AuthenticationKeyLength];
            SrtpKeyDerivation.Derive(masterKey, masterSalt, authenticationLabel, authenticationKey);
            cipher = new CounterModeSrtpCipher(key, salt, authenticationKey);
            authenticationKey.Clear();
        }
        else
        {
            cipher = new GcmSrtpCipher(key, salt);
        }

        key.Clear();
        salt.Clear();
        return cipher;
    }
}
