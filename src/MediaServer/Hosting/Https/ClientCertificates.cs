using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>
/// Who is asked for a client certificate, on a port that browsers use too: clients that speak gRPC and nothing else. A browser would ask its owner which certificate to show to an
/// interview. None is required, and any is taken: TLS proves that the client has its key, and whose key that is, the device registry knows.
/// </summary>
internal static class ClientCertificates
{
    /// <summary>Before the handshake: remembers what the client offers.</summary>
    public static void Look(ConnectionContext connection, ReadOnlySequence<byte> hello)
    {
        if (ClientHello.OffersHttp2Alone(hello))
            connection.Features.Set(Mark.Instance);
    }

    /// <summary>For the handshake.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "A client's, not a server's: whose key it is, is judged by the device registry before anything counts.")]
    public static void Ask(ConnectionContext connection, SslServerAuthenticationOptions tls)
    {
        if (connection.Features.Get<Mark>() is null)
            return;
        tls.ClientCertificateRequired = true;
        tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        // A stranger's certificate may name addresses to fetch its issuers from: this server goes nowhere for it.
        tls.CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
