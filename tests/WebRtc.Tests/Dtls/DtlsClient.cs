using System.Security.Cryptography;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using TlsCertificateRequest = Org.BouncyCastle.Tls.CertificateRequest;

namespace MediaScore.WebRtc.Tests.Dtls;

/// <summary>What a test's client offers; the defaults are what a browser does.</summary>
internal sealed record DtlsClientOptions
{
    public int[] Profiles { get; init; } = [1, 8, 7];

    public bool WithCertificate { get; init; } = true;

    public bool WithRsa { get; init; }

    public bool WithExtendedMasterSecret { get; init; } = true;

    /// <summary>Also offers DTLS 1.3 with an X25519MLKEM768 key share of 1,216 bytes, as Chromium and Firefox do.</summary>
    public bool WithPostQuantumKeyShare { get; init; }

    public int[] Suites { get; init; } = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    public int[] Groups { get; init; } = [NamedGroup.x25519, NamedGroup.secp256r1];

    public int MaxDatagram { get; init; } = 1400;

    public int ResendMs { get; init; } = 50;
}

/// <summary>The other side of the handshake: BouncyCastle's client with a browser's offer.</summary>
internal sealed class DtlsClient : DefaultTlsClient
{
    private const int KeyShare = 51;
    private const int SupportedVersions = 43;
    private const int X25519MlKem768 = 0x11EC;

    private readonly DtlsClientOptions _options;
    private readonly byte[] _certificate;
    private readonly byte[] _privateKey;

    public DtlsClient(DtlsClientOptions options)
        : base(new BcTlsCrypto(new SecureRandom()))
    {
        _options = options;
        (_certificate, _privateKey) = options.WithRsa ? Rsa() : Ecdsa();
    }

    public byte[] Certificate => _certificate;

    public int Profile { get; private set; }

    public byte[] Material { get; private set; } = [];

    public byte[]? ServerCertificate { get; private set; }

    public short? AlertReceived { get; private set; }

    public short? WarningReceived { get; private set; }

    public DtlsFingerprint Fingerprint(string algorithm = "sha-256") => new(algorithm, algorithm switch
    {
        "sha-384" => SHA384.HashData(_certificate),
        "sha-512" => SHA512.HashData(_certificate),
        _ => SHA256.HashData(_certificate),
    });

    public override int GetHandshakeTimeoutMillis() => 8000;

    public override int GetHandshakeResendTimeMillis() => _options.ResendMs;

    public override bool ShouldUseExtendedMasterSecret() => _options.WithExtendedMasterSecret;

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = base.GetClientExtensions() ?? new Dictionary<int, byte[]>();
        if (_options.Profiles.Length > 0)
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(_options.Profiles, []));
        if (_options.WithPostQuantumKeyShare)
        {
            extensions[SupportedVersions] = [4, 0xFE, 0xFC, 0xFE, 0xFD];
            byte[] share = [0x04, 0xC4, X25519MlKem768 >> 8, X25519MlKem768 & 0xFF, 0x04, 0xC0, .. RandomNumberGenerator.GetBytes(1216)];
            extensions[KeyShare] = share;
        }

        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        Profile = TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions)?.ProtectionProfiles[0] ?? 0;
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        if (Profile != 0)
            Material = m_context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, Profile switch { 7 => 56, 8 => 88, _ => 60 });
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription)
    {
        if (alertLevel == AlertLevel.fatal)
            AlertReceived = alertDescription;
        else
            WarningReceived = alertDescription;
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(this);

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => _options.Suites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) =>
        _options.WithPostQuantumKeyShare ? [X25519MlKem768, .. _options.Groups] : _options.Groups;

    private static (byte[] Certificate, byte[] Key) Ecdsa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (SelfSigned(new("CN=client", key, System.Security.Cryptography.HashAlgorithmName.SHA256)), key.ExportPkcs8PrivateKey());
    }

    private static (byte[] Certificate, byte[] Key) Rsa()
    {
        using var key = RSA.Create(2048);
        return (SelfSigned(new("CN=client", key, System.Security.Cryptography.HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), key.ExportPkcs8PrivateKey());
    }

    private static byte[] SelfSigned(System.Security.Cryptography.X509Certificates.CertificateRequest request)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(90));
        return certificate.RawData;
    }

    private sealed class Authentication(DtlsClient client) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
            client.ServerCertificate = serverCertificate.Certificate.GetCertificateAt(0).GetEncoded();

        public TlsCredentials? GetClientCredentials(TlsCertificateRequest certificateRequest)
        {
            if (!client._options.WithCertificate)
                return null;
            var crypto = (BcTlsCrypto)client.Crypto;
            return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(client.m_context), crypto, PrivateKeyFactory.CreateKey(client._privateKey),
                new Certificate([crypto.CreateCertificate(client._certificate)]),
                SignatureAndHashAlgorithm.GetInstance(Org.BouncyCastle.Tls.HashAlgorithm.sha256, client._options.WithRsa ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa));
        }
    }
}
