using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.WebRtc.Ice;

/// <summary>
/// One short-term password as an HMAC-SHA1 that is keyed once (RFC 8489, 9.1 and 14.5): a one-shot call keys anew for every message and allocates. Not thread-safe.
/// </summary>
internal sealed class StunIntegrityKey : IDisposable
{
    public const int TagLength = 20;

    private readonly IncrementalHash _hash;

    /// <param name="password">ICE passwords are ASCII (RFC 8839, 5.4), so that SASLprep changes nothing.</param>
    public StunIntegrityKey(string password)
    {
        // HMAC-SHA1 is what ICE checks carry; RFC 8489's SHA-256 is not spoken by browsers.
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(password));
    }

    /// <param name="covered">The message up to MESSAGE-INTEGRITY, that attribute left out.</param>
    /// <param name="tag">Gets <see cref="TagLength"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> covered, Span<byte> tag)
    {
        // The header's length counts this attribute as the last one, whatever follows it (14.5).
        Span<byte> start = stackalloc byte[4];
        covered[..2].CopyTo(start);
        BinaryPrimitives.WriteUInt16BigEndian(start[2..], (ushort)(covered.Length - StunMessage.HeaderLength + 4 + TagLength));
        _hash.AppendData(start);
        _hash.AppendData(covered[4..]);
        _hash.GetHashAndReset(tag);
    }

    public bool Verify(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagLength];
        Compute(covered, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    public void Dispose() => _hash.Dispose();
}
