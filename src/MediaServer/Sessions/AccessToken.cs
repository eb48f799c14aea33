using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MediaScore.Keys;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// The secret of one interview, as base64url. Derived from the interview's data key (HMAC-SHA256), so that a repeated call with the same idempotency key can
/// give it out again while only its SHA-256 is stored, and so that it dies with the key. With 256 random bits behind it no salt or slow hash adds anything.
/// </summary>
internal static class AccessToken
{
    /// <summary>Characters of a token: 32 bytes in base64url.</summary>
    public const int Length = 43;

    private static ReadOnlySpan<byte> Purpose => "mediascore/access-token/1"u8;

    private static ReadOnlySpan<byte> CandidatePurpose => "mediascore/candidate-token/1"u8;

    /// <summary>For the caller who made the interview: may send media and read the report.</summary>
    public static string Derive(DataKey key) => Base64Url.EncodeToString(HMACSHA256.HashData(key.Bytes, Purpose));

    /// <summary>For the candidate: may send media and answer; the report is not theirs to read by this.</summary>
    public static string DeriveCandidate(DataKey key) => Base64Url.EncodeToString(HMACSHA256.HashData(key.Bytes, CandidatePurpose));

    /// <returns>Lower-case hex.</returns>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Compares in constant time: how long a wrong token takes tells nothing about the right one.</summary>
    public static bool Matches(string? token, string? sha256Hex) =>
        token is { Length: Length } && sha256Hex is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(token)), Encoding.ASCII.GetBytes(sha256Hex));
}
