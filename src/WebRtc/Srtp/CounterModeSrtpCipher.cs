using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;

namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// AES128_CM_HMAC_SHA1_80 (RFC 3711, 4.1.1 and 4.2.1; RFC 5764, 4.1.2). .NET has no counter mode: the counter blocks are made here, AES encrypts them many at a time, and the
/// result is added to the content.
/// </summary>
internal sealed class CounterModeSrtpCipher : SrtpCipher
{
    public const int AuthenticationKeyLength = 20;

    private const int RtcpHeaderLength = 8;
    private const int BlockLength = 16;

    // A packet of an Ethernet frame's size in one call.
    private const int BatchLength = 96 * BlockLength;

    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly IncrementalHash _hmac;
    private readonly byte[] _salt;
    private readonly byte[] _counters = new byte[BatchLength];
    private readonly byte[] _keystream = new byte[BatchLength];

    [SuppressMessage("Security", "CA5358:Review cipher mode usage with cryptography experts", Justification = "ECB of distinct counter blocks is counter mode.")]
    public CounterModeSrtpCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> authenticationKey)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _encryptor = _aes.CreateEncryptor();
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authenticationKey);
        _salt = salt.ToArray();
    }

    public override int TagLength => 10;

    public override bool OpenRtp(Span<byte> packet, int headerLength, uint ssrc, long index)
    {
        if (!IsAuthentic(packet[..^TagLength], (uint)(index >> 16), packet[^TagLength..]))
            return false;
        Apply(packet[headerLength..^TagLength], ssrc, index);
        return true;
    }

    public override void SealRtp(Span<byte> packet, int headerLength, uint ssrc, long index)
    {
        Apply(packet[headerLength..^TagLength], ssrc, index);
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        Authenticate(packet[..^TagLength], (uint)(index >> 16), tag);
        tag[..TagLength].CopyTo(packet[^TagLength..]);
    }

    public override uint ReadIndexWord(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^(TagLength + 4)..]);

    public override bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        if (!IsAuthentic(packet[..^TagLength], null, packet[^TagLength..]))
            return false;
        if ((indexWord & EncryptedFlag) != 0)
            Apply(packet[RtcpHeaderLength..^(TagLength + 4)], ssrc, indexWord & ~EncryptedFlag);
        return true;
    }

    public override void SealRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Apply(packet[RtcpHeaderLength..^(TagLength + 4)], ssrc, indexWord & ~EncryptedFlag);
        BinaryPrimitives.WriteUInt32BigEndian(packet[^(TagLength + 4)..], indexWord);
        Span<byte> tag = stackalloc byte[SHA1.HashSizeInBytes];
        Authenticate(packet[..^TagLength], null, tag);
        tag[..TagLength].CopyTo(packet[^TagLength..]);
    }

    public override void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
        _hmac.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
        CryptographicOperations.ZeroMemory(_keystream);
    }

    private bool IsAuthentic(ReadOnlySpan<byte> covered, uint? rollOver, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[SHA1.HashSizeInBytes];
        Authenticate(covered, rollOver, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..TagLength], tag);
    }

    private void Authenticate(ReadOnlySpan<byte> covered, uint? rollOver, Span<byte> hash)
    {
        _hmac.AppendData(covered);
        if (rollOver is { } counter)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, counter);
            _hmac.AppendData(bytes);
        }

        _hmac.GetHashAndReset(hash);
    }

    /// <summary>Adds the keystream: encrypts and decrypts. Counter = salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16, and the block's number in the lowest 16 bits.</summary>
    private void Apply(Span<byte> content, uint ssrc, long index)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(_salt) ^ ssrc;
        var low = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(_salt.AsSpan(8)) << 32) | ((ulong)BinaryPrimitives.ReadUInt16BigEndian(_salt.AsSpan(12)) << 16);
        low ^= (ulong)index << 16;
        while (!content.IsEmpty)
        {
            var part = content[..Math.Min(content.Length, BatchLength)];
            var length = (part.Length + BlockLength - 1) / BlockLength * BlockLength;
            for (var at = 0; at < length; at += BlockLength)
            {
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(at), high);
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(at + 8), low++);
            }

            _encryptor.TransformBlock(_counters, 0, length, _keystream, 0);
            Xor(part, _keystream);
            content = content[part.Length..];
        }
    }

    private static void Xor(Span<byte> content, ReadOnlySpan<byte> keystream)
    {
        var at = 0;
        for (; at <= content.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            (new Vector<byte>(content[at..]) ^ new Vector<byte>(keystream[at..])).CopyTo(content[at..]);
        for (; at < content.Length; at++)
            content[at] ^= keystream[at];
    }
}
