using System.Security.Cryptography;

namespace MediaScore.Keys;

/// <summary>The key that wraps all data keys: 32 bytes in pinned memory, overwritten when disposed, and a name that tells it from others without telling it.</summary>
internal sealed class MasterKey : IDisposable
{
    public const int SizeInBytes = 32;
    public const int IdBytes = 8;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(SizeInBytes, pinned: true);

    /// <param name="source">Where it comes from, as messages name it.</param>
    public MasterKey(ReadOnlySpan<byte> bytes, string source)
    {
        bytes.CopyTo(_bytes);
        Source = source;
        Span<byte> id = stackalloc byte[IdBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, id, salt: [], "mediascore/master-key-id/v1"u8);
        Id = id.ToArray();
    }

    public string Source { get; }

    public byte[] Id { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <exception cref="MasterKeyException">Not base64 of 32 bytes.</exception>
    public static MasterKey Parse(string base64, string source)
    {
        Span<byte> bytes = stackalloc byte[SizeInBytes + 1];
        if (!Convert.TryFromBase64String(base64.Trim(), bytes, out var length) || length != SizeInBytes)
            throw new MasterKeyException($"The master key from {source} is not base64 of {SizeInBytes} bytes. Make one with: openssl rand -base64 32");
        var key = new MasterKey(bytes[..SizeInBytes], source);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
