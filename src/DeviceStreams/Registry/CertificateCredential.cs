using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>
/// What a client certificate is known by: its public key (SubjectPublicKeyInfo, as in RFC 7469), whoever signed it. A certificate that is renewed with the same key is still the same device's.
/// </summary>
public static class CertificateCredential
{
    // Tells it from the hash of a key, which is hex; with 44 characters of base64 behind it, it fits the same column.
    private const string Prefix = "cert:";

    /// <summary>For <see cref="DeviceRow.CredentialSha256"/>.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Prefix + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>SHA-256 of the public key, to compare by eye: lower-case hex with colons, as <c>openssl dgst -sha256 -c</c> writes it.</summary>
    /// <returns>Null where the device is known otherwise.</returns>
    public static string? FingerprintOf(DeviceRow device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CredentialSha256?.StartsWith(Prefix, StringComparison.Ordinal) == true
            ? string.Join(':', Convert.FromBase64String(device.CredentialSha256[Prefix.Length..]).Select(b => b.ToString("x2")))
            : null;
    }
}
