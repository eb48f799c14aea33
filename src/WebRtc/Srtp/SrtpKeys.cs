using System.Security.Cryptography;

namespace MediaScore.WebRtc.Srtp;

/// <summary>Master keys and salts of both directions, as DTLS exports them (RFC 5764, 4.2). Secret: not shown by <see cref="ToString"/>, cleared by <see cref="Dispose"/>.</summary>
internal sealed record SrtpKeys(SrtpProfile Profile, byte[] ClientKey, byte[] ClientSalt, byte[] ServerKey, byte[] ServerSalt) : IDisposable
{
    /// <summary>Bytes to ask of the exporter.</summary>
    public static int MaterialLength(SrtpProfile profile) => 2 * (profile.KeyLength() + profile.SaltLength());

    /// <summary>Copies; the caller clears <paramref name="material"/>.</summary>
    public static SrtpKeys Split(SrtpProfile profile, ReadOnlySpan<byte> material)
    {
        if (material.Length != MaterialLength(profile))
            throw new ArgumentException($"{profile} needs {MaterialLength(profile)} bytes of keys, not {material.Length}.", nameof(material));
        var (key, salt) = (profile.KeyLength(), profile.SaltLength());
        return new SrtpKeys(
            profile, material[..key].ToArray(), material.Slice(2 * key, salt).ToArray(), material.Slice(key, key).ToArray(), material.Slice((2 * key) + salt, salt).ToArray());
    }

    public void Dispose()
    {
        foreach (var secret in (ReadOnlySpan<byte[]>)[ClientKey, ClientSalt, ServerKey, ServerSalt])
            CryptographicOperations.ZeroMemory(secret);
    }

    public override string ToString() => $"SRTP keys, {Profile}";
}
