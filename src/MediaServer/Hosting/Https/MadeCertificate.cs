using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>
/// A certificate that this server makes for itself, because browsers give camera and microphone to pages from HTTPS and localhost only. Nobody vouches for it: a
/// browser warns once, and an owner with a real one names it in <c>Server:CertificateFile</c>.
/// </summary>
internal static class MadeCertificate
{
    // Apple's systems refuse server certificates that are valid for longer than 398 days.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    // A server that is restarted once a month never shows an expired one.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // Phones' clocks differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(24);

    /// <summary>Takes the one at <paramref name="path"/> while it fits, else makes another and keeps it there (PEM, certificate and key, 0600).</summary>
    public static X509Certificate2 LoadOrMake(string path, CertificateNames names, DateTimeOffset now)
    {
        if (TryLoad(path) is { } kept)
        {
            if (Fits(kept, names, now))
                return kept;
            kept.Dispose();
        }

        var made = Make(names, now);
        Keep(path, made);
        return made;
    }

    /// <summary>Still valid for a while, and made for all of these names. One that has more names than are needed now still fits: every new one brings a warning.</summary>
    public static bool Fits(X509Certificate2 certificate, CertificateNames names, DateTimeOffset now)
    {
        if (now < new DateTimeOffset(certificate.NotBefore) || now > new DateTimeOffset(certificate.NotAfter) - RenewBefore)
            return false;
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return alternatives is not null
            && names.Hosts.All(alternatives.EnumerateDnsNames().ToHashSet(StringComparer.OrdinalIgnoreCase).Contains)
            && names.Addresses.All(alternatives.EnumerateIPAddresses().ToHashSet().Contains);
    }

    private static X509Certificate2 Make(CertificateNames names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MediaScore", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var host in names.Hosts)
            alternatives.AddDnsName(host);
        foreach (var address in names.Addresses)
            alternatives.AddIpAddress(address);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // Server authentication (RFC 5280, 4.2.1.12).
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - ClockSkew, now + Lifetime);
    }

    private static X509Certificate2? TryLoad(string path)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or CryptographicException)
        {
            // None yet, or one that a full disk cut short: it is worth nothing and is made again.
            return null;
        }
    }

    private static void Keep(string path, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        var text = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        PrivateText.Write(path, Encoding.ASCII.GetBytes(text));
    }
}
