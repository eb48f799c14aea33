using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Keys;

/// <summary>
/// Seals small things for the database (names, templates of faces, logins) with a key of their tenant: AES-256-GCM under a key derived (HKDF-SHA256, RFC 5869) from the
/// tenant's data key. What is sealed for one context opens in no other. Thread-safe.
/// </summary>
public sealed class TenantKeys : IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Bytes that sealing adds: version, nonce, tag.</summary>
    public const int Overhead = 1 + NonceBytes + TagBytes;

    private readonly KeyStore _store;
    private readonly ConcurrentDictionary<string, DataKey> _keys = new(StringComparer.Ordinal);

    public TenantKeys(KeyStore store) => _store = store;

    /// <param name="context">What it is and whose: part of what is authenticated, needed again to open it.</param>
    /// <returns>1 byte version, 12 nonce (random: 2^32 of them stay far from meeting), the ciphertext, 16 tag.</returns>
    /// <exception cref="MasterKeyException">The tenant's entry was changed, or wrapped by another master key.</exception>
    public byte[] Seal(string tenant, string context, ReadOnlySpan<byte> plaintext)
    {
        var box = new byte[Overhead + plaintext.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(KeyOf(tenant).Bytes, TagBytes);
        aes.Encrypt(nonce, plaintext, box.AsSpan(1 + NonceBytes, plaintext.Length), box.AsSpan(^TagBytes..), Encoding.UTF8.GetBytes(context));
        return box;
    }

    /// <returns>Null where a byte was changed, or where it was sealed for another tenant or context.</returns>
    /// <exception cref="MasterKeyException">The tenant's entry was changed, or wrapped by another master key.</exception>
    public byte[]? TryOpen(string tenant, string context, ReadOnlySpan<byte> box)
    {
        if (box.Length < Overhead || box[0] != Version)
            return null;
        var plaintext = new byte[box.Length - Overhead];
        using var aes = new AesGcm(KeyOf(tenant).Bytes, TagBytes);
        try
        {
            aes.Decrypt(box.Slice(1, NonceBytes), box[(1 + NonceBytes)..^TagBytes], box[^TagBytes..], plaintext, Encoding.UTF8.GetBytes(context));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _keys.Clear();
    }

    // A tenant's name may be as long as an entry's; hashed, it always fits, and is no interview's id by accident.
    private static string EntryOf(string tenant) => "tenant_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)))[..48];

    private DataKey KeyOf(string tenant) => _keys.GetOrAdd(tenant, static (name, store) =>
    {
        using var key = store.GetOrCreate(EntryOf(name));
        Span<byte> derived = stackalloc byte[DataKey.SizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, derived, salt: [], "mediascore/tenant/v1"u8);
        var mine = new DataKey(derived);
        CryptographicOperations.ZeroMemory(derived);
        return mine;
    }, _store);
}
