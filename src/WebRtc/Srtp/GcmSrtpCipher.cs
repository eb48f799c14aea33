using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MediaScore.WebRtc.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).</summary>
internal sealed class GcmSrtpCipher : SrtpCipher
{
    private const int NonceLength = 12;
    private const int RtcpHeaderLength = 8;

    private readonly AesGcm _gcm;
    private readonly byte[] _salt;

    public GcmSrtpCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        _gcm = new AesGcm(key, 16);
        _salt = salt.ToArray();
    }

    public override int TagLength => 16;

    public override bool OpenRtp(Span<byte> packet, int headerLength, uint ssrc, long index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, ssrc, index);
        return Open(nonce, packet[headerLength..^TagLength], packet[^TagLength..], packet[..headerLength]);
    }

    public override void SealRtp(Span<byte> packet, int headerLength, uint ssrc, long index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, ssrc, index);
        var content = packet[headerLength..^TagLength];
        _gcm.Encrypt(nonce, content, content, packet[^TagLength..], packet[..headerLength]);
    }

    public override uint ReadIndexWord(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^4..]);

    public override bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, ssrc, indexWord & ~EncryptedFlag);
        var covered = packet[..^(TagLength + 4)];
        Span<byte> tag = stackalloc byte[TagLength];
        packet.Slice(covered.Length, TagLength).CopyTo(tag);
        if ((indexWord & EncryptedFlag) == 0)
        {
            // All is only authenticated, with the index word behind it: that takes the tag's place (RFC 7714, 9.3).
            BinaryPrimitives.WriteUInt32BigEndian(packet[covered.Length..], indexWord);
            return Open(nonce, [], tag, packet[..(covered.Length + 4)]);
        }

        Span<byte> associated = stackalloc byte[RtcpHeaderLength + 4];
        covered[..RtcpHeaderLength].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpHeaderLength..], indexWord);
        return Open(nonce, covered[RtcpHeaderLength..], tag, associated);
    }

    public override void SealRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        Span<byte> associated = stackalloc byte[RtcpHeaderLength + 4];
        WriteNonce(nonce, ssrc, indexWord & ~EncryptedFlag);
        BinaryPrimitives.WriteUInt32BigEndian(packet[^4..], indexWord);
        packet[..RtcpHeaderLength].CopyTo(associated);
        packet[^4..].CopyTo(associated[RtcpHeaderLength..]);
        var content = packet[RtcpHeaderLength..^(TagLength + 4)];
        _gcm.Encrypt(nonce, content, content, packet.Slice(RtcpHeaderLength + content.Length, TagLength), associated);
    }

    public override void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    // .NET says "forged" by an exception only. It costs 2 µs (bench/SrtpBenchmarks), and whoever wants to make us pay must send from a validated address: 50,000 a second take a sixth of a core.
    private bool Open(ReadOnlySpan<byte> nonce, Span<byte> content, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        try
        {
            _gcm.Decrypt(nonce, content, tag, content, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>16 zero bits, SSRC, 48-bit index, XOR the salt. An SRTCP index has 31 bits, so that the same layout holds (RFC 7714, 8.1 and 9.1).</summary>
    private void WriteNonce(Span<byte> nonce, uint ssrc, long index)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(_salt) ^ ((ulong)ssrc << 16) ^ ((ulong)index >> 32);
        var low = BinaryPrimitives.ReadUInt32BigEndian(_salt.AsSpan(8)) ^ (uint)index;
        BinaryPrimitives.WriteUInt64BigEndian(nonce, high);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], low);
    }
}
