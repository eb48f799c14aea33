using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaScore.DeviceStreams.Isapi.Login;

/// <summary>
/// Devices sign their certificates themselves, so the first one that is seen is remembered, and another one is refused from then on. One that this machine's own authorities vouch
/// for is always right. Thread-safe.
/// </summary>
internal sealed class CertificatePin(string? known)
{
    private string? _known = known;
    private volatile string? _stranger;

    /// <summary>SHA-256 (hex) of the certificate; null before the first connection over TLS.</summary>
    public string? Known => Volatile.Read(ref _known);

    /// <summary>Another certificate came; connections fail for that reason.</summary>
    public string? Stranger => _stranger;

    public bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        var seen = Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
        if (errors == SslPolicyErrors.None)
        {
            Volatile.Write(ref _known, seen);
            return true;
        }

        if (Interlocked.CompareExchange(ref _known, seen, null) is not { } first || first == seen)
            return true;
        _stranger = seen;
        return false;
    }
}
