using MediaScore.WebRtc.Srtp;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace MediaScore.Peers.Dtls;

/// <summary>BouncyCastle's client with what WebRTC asks of it: use_srtp (RFC 5764), our certificate, the server's fingerprint, exported keys.</summary>
internal sealed class DtlsPeerClient : DefaultTlsClient
{
    private const int PaddingExtension = 21;

    private readonly PeerIdentity _identity;
    private readonly DtlsPeerOptions _options;
    private readonly byte[]? _serverSha256;
    private int _profile;

    /// <param name="serverSha256">What the answer says of the server's certificate; null accepts any.</param>
    public DtlsPeerClient(PeerIdentity identity, DtlsPeerOptions options, byte[]? serverSha256)
        : base(new BcTlsCrypto())
    {
        _identity = identity;
        _options = options;
        _serverSha256 = serverSha256;
    }

    /// <summary>Set when the handshake is complete.</summary>
    public SrtpKeys? Keys { get; private set; }

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([.. _options.SrtpProfiles], TlsUtilities.EmptyBytes));
        if (_options.ClientHelloPaddingBytes > 0)
            extensions[PaddingExtension] = new byte[_options.ClientHelloPaddingBytes];
        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        var srtp = TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions);
        if (srtp?.ProtectionProfiles is not [var profile] || !_options.SrtpProfiles.Contains(profile))
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        _profile = profile;
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(this);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        var profile = (SrtpProfile)_profile;
        Keys = SrtpKeys.Split(profile, m_context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, SrtpKeys.MaterialLength(profile)));
    }

    public override int GetHandshakeTimeoutMillis() => _options.HandshakeMs;

    public override int GetHandshakeResendTimeMillis() => _options.ResendMs;

    // RFC 7627: without it the exporter's value is not bound to the handshake.
    public override bool RequiresExtendedMasterSecret() => true;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() =>
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    private sealed class Authentication(DtlsPeerClient owner) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            if (owner._serverSha256 is not { } expected)
                return;
            var chain = serverCertificate.Certificate;
            if (chain.IsEmpty || !System.Security.Cryptography.SHA256.HashData(chain.GetCertificateAt(0).GetEncoded()).AsSpan().SequenceEqual(expected))
                throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
        {
            if (!owner._options.SendsCertificate)
                return null;
            var crypto = (BcTlsCrypto)owner.Crypto;
            var certificate = new Certificate([new BcTlsCertificate(crypto, owner._identity.Certificate)]);
            return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(owner.m_context), crypto, owner._identity.PrivateKey, certificate, new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
        }
    }
}
