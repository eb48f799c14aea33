using System.Security.Cryptography;

namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// Session keys from a master key and salt (RFC 3711, 4.3) with a key derivation rate of 0, the only one that DTLS-SRTP can agree on: derived once. The function is AES in counter
/// mode for every profile, with AES-256 where the master key has 256 bits; the 96-bit salts of AES-GCM are filled up with zeros on the right (RFC 7714, 11).
/// </summary>
internal static class SrtpKeyDerivation
{
    public const byte RtpEncryption = 0;
    public const byte RtpAuthentication = 1;
    public const byte RtpSalt = 2;
    public const byte RtcpEncryption = 3;
    public const byte RtcpAuthentication = 4;
    public const byte RtcpSalt = 5;

    // The label's place when label and packet index / rate are put right-aligned into 112 bits: 56 bits are the label (8) and the index (48).
    private const int LabelOffset = 7;

    public static void Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, byte label, Span<byte> key)
    {
        using var aes = Aes.Create();
        aes.SetKey(masterKey);
        Span<byte> counter = stackalloc byte[16];
        Span<byte> block = stackalloc byte[16];
        counter.Clear();
        masterSalt.CopyTo(counter);
        counter[LabelOffset] ^= label;
        for (var done = 0; done < key.Length; done += block.Length)
        {
            counter[15] = (byte)(done / block.Length);
            aes.EncryptEcb(counter, block, PaddingMode.None);
            block[..Math.Min(block.Length, key.Length - done)].CopyTo(key[done..]);
        }

        CryptographicOperations.ZeroMemory(block);
    }
}
