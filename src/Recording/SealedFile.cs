using System.Security.Cryptography;
using System.Text;
using MediaScore.Keys;

namespace MediaScore.Recording;

/// <summary>
/// A small document of one interview, encrypted whole with its data key and written atomically: the old version or the new one, never half.
/// Bytes: <c>MSSEALED</c>, 4 bytes version (1), 12 bytes nonce, AES-256-GCM ciphertext, 16 bytes tag. The file's name is authenticated with it.
/// </summary>
public static class SealedFile
{
    private const int PrefixBytes = 12;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static ReadOnlySpan<byte> Prefix => "MSSEALED\u0001\0\0\0"u8;

    /// <summary>Durable on return (file and folder are synced).</summary>
    /// <param name="key">Used during the call only.</param>
    public static async Task WriteAsync(string path, DataKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => await Task.Run(
        () =>
        {
            var bytes = new byte[PrefixBytes + NonceBytes + content.Length + TagBytes];
            Prefix.CopyTo(bytes);
            var nonce = bytes.AsSpan(PrefixBytes, NonceBytes);
            // Random: a document is written a few times, far from the 2^32 where random nonces of one key may meet.
            RandomNumberGenerator.Fill(nonce);
            using var aes = CreateCipher(key);
            aes.Encrypt(nonce, content.Span, bytes.AsSpan(PrefixBytes + NonceBytes, content.Length), bytes.AsSpan(^TagBytes..), Authenticated(path));
            DurableFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            DurableFile.Write(path, bytes);
        },
        cancellationToken);

    /// <summary>The content, or null where there is no such file.</summary>
    /// <param name="key">Used during the call only.</param>
    /// <exception cref="LogDamagedException">Changed, cut, renamed, or written with another key.</exception>
    public static async Task<byte[]?> TryReadAsync(string path, DataKey key, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(path))
            return null;
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        if (bytes.Length < PrefixBytes + NonceBytes + TagBytes || !bytes.AsSpan(0, PrefixBytes).SequenceEqual(Prefix))
            throw new LogDamagedException($"{path} is not a sealed file of this version, or was cut.");
        var content = new byte[bytes.Length - PrefixBytes - NonceBytes - TagBytes];
        using var aes = CreateCipher(key);
        try
        {
            aes.Decrypt(bytes.AsSpan(PrefixBytes, NonceBytes), bytes.AsSpan(PrefixBytes + NonceBytes, content.Length), bytes.AsSpan(^TagBytes..), content, Authenticated(path));
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new LogDamagedException($"{path} does not authenticate: it was changed, cut or renamed, or written with another data key.", fault);
        }

        return content;
    }

    private static AesGcm CreateCipher(DataKey key)
    {
        Span<byte> derived = stackalloc byte[DataKey.SizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, derived, salt: [], "mediascore/sealed-file/v1"u8);
        var aes = new AesGcm(derived, TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return aes;
    }

    private static byte[] Authenticated(string path) => [.. Prefix, .. Encoding.UTF8.GetBytes(Path.GetFileName(path))];
}
