using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace MediaScore.Peers.Dtls;

/// <summary>A sender's self-signed certificate, P-256 as browsers make it, and its fingerprint for the offer (RFC 8122).</summary>
public sealed class PeerIdentity
{
    private PeerIdentity(byte[] certificate, AsymmetricKeyParameter privateKey)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        Fingerprint = Format(SHA256.HashData(certificate));
    }

    /// <summary>Upper case, with colons: <c>AB:CD:...</c> (SHA-256).</summary>
    public string Fingerprint { get; }

    /// <summary>DER.</summary>
    internal byte[] Certificate { get; }

    internal AsymmetricKeyParameter PrivateKey { get; }

    public static PeerIdentity Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WebRTC", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return new PeerIdentity(certificate.RawData, PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey()));
    }

    internal static string Format(ReadOnlySpan<byte> hash) => string.Join(':', Convert.ToHexString(hash).Chunk(2).Select(pair => new string(pair)));
}
