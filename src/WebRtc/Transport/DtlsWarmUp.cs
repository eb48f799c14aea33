using System.Collections.Concurrent;
using System.Security.Cryptography;
using MediaScore.WebRtc.Dtls;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// One handshake with ourselves at start, so that the first candidate doesn't wait for the compiler: measured 130 to 480 ms the first time, 2 ms later.
/// </summary>
internal static class DtlsWarmUp
{
    private const int TimeoutMs = 5000;

    /// <summary>Blocks for as long. False when it failed: then DTLS does not work here.</summary>
    public static bool Run(DtlsIdentity identity)
    {
        using var toServer = new BlockingCollection<byte[]>(64);
        using var toClient = new BlockingCollection<byte[]>(64);
        var fingerprint = new DtlsFingerprint("sha-256", SHA256.HashData(identity.Certificate));
        var server = new DtlsSrtpServer(new BcTlsCrypto(new SecureRandom()), identity, [fingerprint], TimeSpan.FromMilliseconds(TimeoutMs));
        var thread = new Thread(() => Quietly(() => new DtlsClientProtocol().Connect(new Client(identity), new Wire(toClient, toServer)))) { IsBackground = true, Name = "dtls-warm-up" };
        thread.Start();
        var done = Quietly(() => new DtlsServerProtocol().Accept(server, new Wire(toServer, toClient)));
        thread.Join();
        server.Keys?.Dispose();
        return done;
    }

    private static bool Quietly(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class Client(DtlsIdentity identity) : DefaultTlsClient(new BcTlsCrypto(new SecureRandom()))
    {
        public override int GetHandshakeTimeoutMillis() => TimeoutMs;

        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            var extensions = base.GetClientExtensions();
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM], TlsUtilities.EmptyBytes));
            return extensions;
        }

        public override TlsAuthentication GetAuthentication() => new Authentication(identity, m_context);

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

        protected override int[] GetSupportedCipherSuites() => [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];
    }

    private sealed class Authentication(DtlsIdentity identity, TlsContext context) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // Ourselves.
        }

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest)
        {
            var crypto = (BcTlsCrypto)context.Crypto;
            return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context), crypto, PrivateKeyFactory.CreateKey(identity.PrivateKey), new Certificate([crypto.CreateCertificate(identity.Certificate)]),
                SignatureAndHashAlgorithm.GetInstance(Org.BouncyCastle.Tls.HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
        }
    }

    private sealed class Wire(BlockingCollection<byte[]> inbound, BlockingCollection<byte[]> outbound) : DatagramTransport
    {
        public int GetReceiveLimit() => 1500;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            if (!inbound.TryTake(out var datagram, waitMillis))
                return -1;
            datagram.CopyTo(buffer);
            return datagram.Length;
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => outbound.TryAdd(buffer.ToArray());

        public void Close()
        {
            // Both ends are gone with the method.
        }
    }
}
