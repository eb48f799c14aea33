using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// AES-256-GCM for one log of one interview. Its key is derived (HKDF-SHA256, RFC 5869) from the interview's data key and the log's content, so a timeline and a
/// recording never share a nonce space. One thread at a time.
/// </summary>
internal sealed class LogCipher : IDisposable
{
    private readonly AesGcm _aes;
    private readonly byte[] _authenticated = new byte[LogFileHeader.InterviewIdHashBytes + LogRecordHeader.AuthenticatedBytes];

    public LogCipher(DataKey key, LogContent content)
    {
        Span<byte> derived = stackalloc byte[DataKey.SizeInBytes + sizeof(uint)];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, derived, salt: [], content == LogContent.Timeline ? "mediascore/timeline/v1"u8 : "mediascore/recording/v1"u8);
        _aes = new AesGcm(derived[..DataKey.SizeInBytes], LogRecordHeader.TagBytes);
        KeyCheck = BinaryPrimitives.ReadUInt32LittleEndian(derived[DataKey.SizeInBytes..]);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>Tells another key apart from damage; says nothing about the key (its bytes of HKDF's output are used for nothing else).</summary>
    public uint KeyCheck { get; }

    /// <summary>Call before any record: the interview's part of what is authenticated.</summary>
    public void Bind(ReadOnlySpan<byte> interviewIdHash) => interviewIdHash.CopyTo(_authenticated);

    /// <summary>Encrypts in place.</summary>
    /// <param name="record">Header (its authenticated part written), plaintext, room for the tag.</param>
    public void Encrypt(Span<byte> record)
    {
        record[..LogRecordHeader.AuthenticatedBytes].CopyTo(_authenticated.AsSpan(LogFileHeader.InterviewIdHashBytes));
        var text = record[LogRecordHeader.SizeInBytes..^LogRecordHeader.TagBytes];
        _aes.Encrypt(record.Slice(LogRecordHeader.NonceOffset, LogRecordHeader.NonceBytes), text, text, record[^LogRecordHeader.TagBytes..], _authenticated);
    }

    /// <summary>Decrypts in place. False where a byte of header or body was changed.</summary>
    /// <param name="record">Header and body as on disk; on success the plaintext lies between header and tag.</param>
    public bool TryDecrypt(Span<byte> record)
    {
        record[..LogRecordHeader.AuthenticatedBytes].CopyTo(_authenticated.AsSpan(LogFileHeader.InterviewIdHashBytes));
        var text = record[LogRecordHeader.SizeInBytes..^LogRecordHeader.TagBytes];
        try
        {
            _aes.Decrypt(record.Slice(LogRecordHeader.NonceOffset, LogRecordHeader.NonceBytes), text, record[^LogRecordHeader.TagBytes..], text, _authenticated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();
}
