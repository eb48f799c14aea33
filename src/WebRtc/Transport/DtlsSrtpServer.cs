using System.Security.Cryptography;
using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Srtp;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using HashAlgorithm = Org.BouncyCastle.Tls.HashAlgorithm;
using TlsCertificateRequest = Org.BouncyCastle.Tls.CertificateRequest;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// What we agree to in a handshake, and nothing else: DTLS 1.2, ECDHE-ECDSA with AES-GCM, P-256 or X25519, extended master secret (RFC 7627), use_srtp (RFC 5764), a client
/// certificate whose fingerprint the offer named (RFC 8122). No resumption, no renegotiation, no tickets.
/// </summary>
internal sealed class DtlsSrtpServer : DefaultTlsServer
{
    // 250 ms, then twice as long each time: a first flight that is lost costs a quarter of a second, not BouncyCastle's (and RFC 6347's) one.
    private const int ResendMs = 250;

    // A ClientHello with a post-quantum key share has 1.5 KB, an RSA certificate 1 to 2 KB.
    private const int MaxMessageBytes = 16 * 1024;

    // SubjectPublicKeyInfo of RSA 4096; a longer key would only cost us time.
    private const int MaxPublicKeyBytes = 600;

    // AES-128-GCM is the cheapest to open (0.99 us for 1,100 bytes, against 1.55 us with SHA-1) and the only one that all browsers offer beside 1.
    private static readonly SrtpProfile[] Profiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmSha1Tag80];

    private static readonly int[] Suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384];

    private static readonly SignatureAndHashAlgorithm OwnSignature = SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

    private readonly DtlsIdentity _identity;
    private readonly IReadOnlyList<DtlsFingerprint> _fingerprints;
    private readonly int _deadlineMs;
    private SrtpProfile? _profile;

    public DtlsSrtpServer(TlsCrypto crypto, DtlsIdentity identity, IReadOnlyList<DtlsFingerprint> fingerprints, TimeSpan deadline)
        : base(crypto)
    {
        _identity = identity;
        _fingerprints = fingerprints;
        _deadlineMs = (int)deadline.TotalMilliseconds;
    }

    public SrtpKeys? Keys { get; private set; }

    public override int GetHandshakeTimeoutMillis() => _deadlineMs;

    public override int GetHandshakeResendTimeMillis() => ResendMs;

    public override int GetMaxHandshakeMessageSize() => MaxMessageBytes;

    // The leaf and what a careless stack sends along.
    public override int GetMaxCertificateChainLength() => 4;

    // Without it the exporter would give keys that a man in the middle can share (RFC 7627, 1).
    public override bool RequiresExtendedMasterSecret() => true;

    // Nobody signed the certificate but its owner; the fingerprint is what counts.
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        var offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions)?.ProtectionProfiles ?? [];
        foreach (var profile in Profiles)
        {
            if (!offered.Contains((int)profile))
                continue;
            _profile = profile;
            return;
        }

        throw new TlsFatalAlert(AlertDescription.handshake_failure, "no common SRTP profile");
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        // A hello without extensions never came to ProcessClientExtensions.
        if (_profile is not { } profile)
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no common SRTP profile");
        var extensions = base.GetServerExtensions();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([(int)profile], TlsUtilities.EmptyBytes));
        return extensions;
    }

    public override TlsCertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign],
        [
            OwnSignature,
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa),
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha512, SignatureAlgorithm.ecdsa),
            SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
            SignatureAndHashAlgorithm.rsa_pss_rsae_sha384,
            SignatureAndHashAlgorithm.rsa_pss_rsae_sha512,
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha384, SignatureAlgorithm.rsa),
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha512, SignatureAlgorithm.rsa),
        ],
        null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (clientCertificate is null || clientCertificate.IsEmpty)
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no client certificate");
        var encoded = clientCertificate.GetCertificateAt(0).GetEncoded();
        if (!Matches(encoded))
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "not the certificate of the offer");
        if (X509CertificateStructure.GetInstance(encoded).SubjectPublicKeyInfo.GetEncoded().Length > MaxPublicKeyBytes)
            throw new TlsFatalAlert(AlertDescription.unsupported_certificate, "public key too long");
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        var profile = _profile!.Value;
        var material = m_context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, SrtpKeys.MaterialLength(profile));
        Keys = SrtpKeys.Split(profile, material);
        CryptographicOperations.ZeroMemory(material);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => TlsUtilities.GetSupportedCipherSuites(Crypto, Suites);

    protected override bool PreferLocalCipherSuites() => true;

    protected override bool AllowCertificateStatus() => false;

    protected override int SelectECDH(int minimumCurveBits)
    {
        // No list: P-256 is what everybody has. The post-quantum groups of a DTLS 1.3 offer cannot be used with 1.2.
        var offered = m_context.SecurityParameters.ClientSupportedGroups;
        if (offered is null || offered.Contains(NamedGroup.secp256r1))
            return NamedGroup.secp256r1;
        return offered.Contains(NamedGroup.x25519) ? NamedGroup.x25519 : -1;
    }

    protected override TlsCredentialedSigner GetECDsaSignerCredentials()
    {
        var crypto = (BcTlsCrypto)Crypto;
        var offered = m_context.SecurityParameters.ClientSigAlgs;
        if (offered is not null && !offered.Contains(OwnSignature))
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "the client does not take ECDSA with SHA-256");
        var chain = new Certificate([crypto.CreateCertificate(_identity.Certificate)]);
        return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(m_context), crypto, PrivateKeyFactory.CreateKey(_identity.PrivateKey), chain, OwnSignature);
    }

    private bool Matches(byte[] certificate)
    {
        foreach (var expected in _fingerprints)
        {
            var actual = expected.Algorithm switch
            {
                "sha-256" => SHA256.HashData(certificate),
                "sha-384" => SHA384.HashData(certificate),
                "sha-512" => SHA512.HashData(certificate),
                _ => [],
            };
            if (actual.Length > 0 && CryptographicOperations.FixedTimeEquals(actual, expected.Value))
                return true;
        }

        return false;
    }
}
