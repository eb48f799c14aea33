using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Keys;

/// <summary>
/// The 76 bytes of one entry of the key store: <c>MSKEY</c> 0 0 1, 8 bytes id of the master key, 12 bytes nonce, 32 bytes ciphertext, 16 bytes tag.
/// Header and interview id are authenticated, so an entry can't be given to another interview.
/// </summary>
internal static class WrappedKey
{
    public const int SizeInBytes = HeaderBytes + NonceBytes + DataKey.SizeInBytes + TagBytes;

    private const int MagicBytes = 8;
    private const int HeaderBytes = MagicBytes + MasterKey.IdBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static ReadOnlySpan<byte> Magic => "MSKEY\0\0\u0001"u8;

    public static byte[] Wrap(DataKey key, string interviewId, MasterKey master)
    {
        var entry = new byte[SizeInBytes];
        Magic.CopyTo(entry);
        master.Id.CopyTo(entry, MagicBytes);
        var nonce = entry.AsSpan(HeaderBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(master.Bytes, TagBytes);
        aes.Encrypt(nonce, key.Bytes, entry.AsSpan(HeaderBytes + NonceBytes, DataKey.SizeInBytes), entry.AsSpan(^TagBytes..), Authenticated(entry, interviewId));
        return entry;
    }

    public static bool IsWrappedBy(ReadOnlySpan<byte> entry, MasterKey master) =>
        entry.Length == SizeInBytes && entry[..MagicBytes].SequenceEqual(Magic) && entry.Slice(MagicBytes, MasterKey.IdBytes).SequenceEqual(master.Id);

    /// <summary>The data key, owned by the caller; null where a byte was changed, or the entry belongs to another master key or interview.</summary>
    public static DataKey? TryUnwrap(ReadOnlySpan<byte> entry, string interviewId, MasterKey master)
    {
        if (!IsWrappedBy(entry, master))
            return null;
        Span<byte> bytes = stackalloc byte[DataKey.SizeInBytes];
        using var aes = new AesGcm(master.Bytes, TagBytes);
        try
        {
            aes.Decrypt(entry.Slice(HeaderBytes, NonceBytes), entry.Slice(HeaderBytes + NonceBytes, DataKey.SizeInBytes), entry[^TagBytes..], bytes, Authenticated(entry, interviewId));
            return new DataKey(bytes);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] Authenticated(ReadOnlySpan<byte> entry, string interviewId) => [.. entry[..HeaderBytes], .. Encoding.UTF8.GetBytes(interviewId)];
}
