using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaScore.WebRtc.Dtls;

/// <summary>
/// A P-256 key and the certificate it signed itself. Nobody checks its chain, name or dates: the answer names its fingerprint (RFC 8122), and whoever brought the
/// answer over HTTPS vouches for it. It lives in memory only.
/// </summary>
internal sealed class DtlsIdentity
{
    private DtlsIdentity(byte[] certificate, byte[] privateKey, DateTimeOffset madeAt)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        MadeAt = madeAt;
        Fingerprint = Convert.ToHexString(SHA256.HashData(certificate)).Chunk(2).Select(pair => new string(pair)).Aggregate((all, pair) => $"{all}:{pair}");
    }

    /// <summary>DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>PKCS #8, DER.</summary>
    public byte[] PrivateKey { get; }

    /// <summary>SHA-256 of the certificate as an SDP has it: <c>AA:BB:...</c>.</summary>
    public string Fingerprint { get; }

    public DateTimeOffset MadeAt { get; }

    public static DtlsIdentity Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WebRTC", key, HashAlgorithmName.SHA256);

        // A browser's clock may be a day off; some stacks look at the dates although nothing asks them to.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(60));
        return new DtlsIdentity(certificate.RawData, key.ExportPkcs8PrivateKey(), now);
    }

    public override string ToString() => "DTLS identity";
}
