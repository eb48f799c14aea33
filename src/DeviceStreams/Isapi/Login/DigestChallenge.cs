using System.Security.Cryptography;
using System.Text;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Login;

/// <summary>A device's demand for a digest (RFC 7616, and RFC 2069 where it names no <c>qop</c>). Always of the answer at hand: the realm changes its case with the firmware.</summary>
/// <param name="Opaque">Null where it was not given; given and empty it has to be sent back all the same.</param>
/// <param name="HasQop">It names <c>auth</c>.</param>
/// <param name="IsStale">The password was right, the nonce old.</param>
internal sealed record DigestChallenge(string Realm, string Nonce, string? Opaque, string? Algorithm, bool HasQop, bool IsStale)
{
    /// <returns>The first that can be answered; null where there is none: Basic would hand out the password.</returns>
    public static DigestChallenge? TryFind(IEnumerable<string> fields)
    {
        foreach (var (scheme, parameters) in HeaderWords.Challenges(fields))
        {
            if (!string.Equals(scheme, "Digest", StringComparison.OrdinalIgnoreCase) || !parameters.TryGetValue("nonce", out var nonce) || nonce.Length == 0)
                continue;
            var algorithm = parameters.GetValueOrDefault("algorithm");
            if (HashOf(algorithm) is null)
                continue;
            var qop = parameters.GetValueOrDefault("qop");
            var hasAuth = qop?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Contains("auth", StringComparer.OrdinalIgnoreCase) ?? false;
            // Only auth-int, which no device has ever asked for.
            if (!string.IsNullOrWhiteSpace(qop) && !hasAuth)
                continue;
            return new DigestChallenge(
                parameters.GetValueOrDefault("realm") ?? "", nonce, parameters.GetValueOrDefault("opaque"), algorithm, hasAuth,
                string.Equals(parameters.GetValueOrDefault("stale"), "true", StringComparison.OrdinalIgnoreCase));
        }

        return null;
    }

    /// <summary>The value of <c>Authorization</c> for one request.</summary>
    /// <param name="uri">Path and query exactly as on the request line.</param>
    /// <param name="use">How often this nonce has been used with this, from 1.</param>
    /// <param name="clientNonce">Random; given in tests.</param>
    public string Answer(string user, string password, string method, string uri, int use, string? clientNonce = null)
    {
        var hash = HashOf(Algorithm)!;
        var cnonce = clientNonce ?? RandomNumberGenerator.GetHexString(16, lowercase: true);
        var count = use.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var secret = hash($"{user}:{Realm}:{password}");
        if (Algorithm?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true)
            secret = hash($"{secret}:{Nonce}:{cnonce}");
        var request = hash($"{method}:{uri}");
        var response = HasQop ? hash($"{secret}:{Nonce}:{count}:{cnonce}:auth:{request}") : hash($"{secret}:{Nonce}:{request}");

        var answer = new StringBuilder("Digest username=").Append(Quoted(user)).Append(", realm=").Append(Quoted(Realm)).Append(", nonce=").Append(Quoted(Nonce))
            .Append(", uri=").Append(Quoted(uri)).Append(", response=\"").Append(response).Append('"');
        if (Algorithm is not null)
            answer.Append(", algorithm=").Append(Algorithm);
        if (Opaque is not null)
            answer.Append(", opaque=").Append(Quoted(Opaque));
        // nc and qop stand unquoted: some firmware compares them as they are.
        if (HasQop)
            answer.Append(", qop=auth, nc=").Append(count).Append(", cnonce=").Append(Quoted(cnonce));
        else if (Algorithm?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true)
            answer.Append(", cnonce=").Append(Quoted(cnonce));
        return answer.ToString();
    }

    private static Func<string, string>? HashOf(string? algorithm) => algorithm?.ToUpperInvariant() switch
    {
        null or "" or "MD5" or "MD5-SESS" => Md5,
        "SHA-256" or "SHA-256-SESS" => text => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        _ => null,
    };

#pragma warning disable CA5351 // The devices ask for nothing better; RFC 7616, 3.2 keeps it for them.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private static string Quoted(string text) => string.Concat("\"", text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), "\"");
}
