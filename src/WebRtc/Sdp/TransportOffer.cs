using System.Globalization;

namespace MediaScore.WebRtc.Sdp;

/// <summary>ICE and DTLS of the one transport of an offer (RFC 8839, RFC 8842, RFC 8122).</summary>
internal sealed record TransportOffer(IceCredentials Ice, IReadOnlyList<DtlsFingerprint> Fingerprints)
{
    // One a hash function is the rule; a second certificate is possible.
    private const int MaxFingerprintCount = 16;

    public override string ToString() => "ICE and DTLS of an offer";

    /// <param name="section">The offerer-tagged one: the first of the bundle that is not rejected (RFC 9143, 7.3.1). What it does not say, the session level does.</param>
    public static TransportOffer? Read(SdpMediaSection section, out SdpRefusal refusal, out string message)
    {
        if (ReadCredentials(section.Attributes, section.Session, out refusal, out message) is not { } credentials)
            return null;
        if (ReadFingerprints(section, out refusal, out message) is not { } fingerprints)
            return null;
        // Without the attribute an offerer is active (RFC 4145, 4).
        var setup = section.FindInherited("setup") ?? "active";
        if (setup is "actpass" or "active")
            return new TransportOffer(credentials, fingerprints);
        refusal = SdpRefusal.Unacceptable;
        message = "a=setup has to be actpass or active: this side is the DTLS server (passive).";
        return null;
    }

    /// <returns>Null where none or broken ones stand; <paramref name="refusal"/> tells which.</returns>
    public static IceCredentials? ReadCredentials(SdpAttributes section, SdpAttributes session, out SdpRefusal refusal, out string message)
    {
        // Both of one level: a fragment of one and a password of the other are no pair.
        var level = section.Has("ice-ufrag") || section.Has("ice-pwd") ? section : session;
        var fragment = level.Find("ice-ufrag");
        var password = level.Find("ice-pwd");
        if (fragment is null || password is null)
        {
            refusal = SdpRefusal.Unacceptable;
            message = "a=ice-ufrag and a=ice-pwd are needed.";
            return null;
        }

        if (!SdpToken.IsIceUserFragment(fragment) || !SdpToken.IsIcePassword(password))
        {
            refusal = SdpRefusal.BadSyntax;
            message = "a=ice-ufrag has 4 to 256 and a=ice-pwd 22 to 256 letters, digits, plus or slash.";
            return null;
        }

        refusal = SdpRefusal.None;
        message = "";
        return new IceCredentials(fragment, password);
    }

    private static List<DtlsFingerprint>? ReadFingerprints(SdpMediaSection section, out SdpRefusal refusal, out string message)
    {
        var fingerprints = new List<DtlsFingerprint>();
        var level = section.Attributes.Has("fingerprint") ? section.Attributes : section.Session;
        foreach (var line in level.All("fingerprint").Take(MaxFingerprintCount))
        {
            var space = line.IndexOf(' ');
            var algorithm = (space < 0 ? line : line[..space]).ToLowerInvariant();
            // SHA-1 and MD5 can be forged, so a certificate is not bound by them.
            var length = algorithm switch { "sha-256" => 32, "sha-384" => 48, "sha-512" => 64, _ => 0 };
            if (length == 0)
                continue;
            if (space < 0 || !TryReadOctets(line.AsSpan(space + 1).Trim(), length, out var value))
            {
                refusal = SdpRefusal.BadSyntax;
                message = $"a=fingerprint:{algorithm} has {length} octets, two hexadecimal digits each with colons between them.";
                return null;
            }

            fingerprints.Add(new DtlsFingerprint(algorithm, value));
        }

        refusal = fingerprints.Count > 0 ? SdpRefusal.None : SdpRefusal.Unacceptable;
        message = fingerprints.Count > 0 ? "" : "a=fingerprint with sha-256, sha-384 or sha-512 is needed: media is accepted over DTLS-SRTP only.";
        return fingerprints.Count > 0 ? fingerprints : null;
    }

    private static bool TryReadOctets(ReadOnlySpan<char> text, int length, out byte[] value)
    {
        value = new byte[length];
        if (text.Length != length * 3 - 1)
            return false;
        for (var index = 0; index < length; index++)
        {
            if (!byte.TryParse(text.Slice(index * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value[index])
                || (index > 0 && text[index * 3 - 1] != ':'))
                return false;
        }

        return true;
    }
}
