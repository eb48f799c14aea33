using System.Net;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting.Https;
using MediaScore.MediaServer.Ingress.Devices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaScore.MediaServer.Hosting;

/// <summary>The ports: pages, gRPC, pages over HTTPS, and devices without TLS, in this order.</summary>
internal static class Listeners
{
    // Load generators and proxies put many streams on one connection; the default of 100 stalls the hundred-and-first without a word.
    private const int MaxStreamsPerConnection = 1000;

    // A gRPC message has at most 1 MiB, and gRPC says so itself; pages' requests have limits of their own, far below.
    private const int MaxBodyBytes = 2 << 20;

    // A page has six connections at most (HTTP/1.1) and a report's reader as many: some hundred interviews several times over. Without a bound whoever reaches the HTTPS port
    // could take every handle of the process, and with them the recordings of interviews that run.
    private const int MaxConnections = 8192;

    public static void Configure(KestrelServerOptions kestrel, ServerOptions server, HttpsCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        // A phone that lost its network says no goodbye: without pings its connection stays for minutes.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        var address = IPAddress.Parse(server.Address);
        kestrel.Listen(address, server.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(address, server.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        if (certificate is not null)
            ListenHttps(kestrel, server, address, certificate);
        if (server.DevicesPort >= 0)
            kestrel.Listen(server.DevicesAddress.Length > 0 ? IPAddress.Parse(server.DevicesAddress) : address, server.DevicesPort, DevicePort.Mark);
    }

    /// <param name="bound">As Kestrel lists them, which is the order of <see cref="Configure"/>.</param>
    public static void Publish(ServerAddresses addresses, IReadOnlyList<string> bound, ServerOptions server)
    {
        var hasHttps = server.HttpsPort >= 0;
        addresses.Listening(bound[0], bound[1], hasHttps ? HttpsUrls(new Uri(bound[2])) : [], server.DevicesPort >= 0 ? bound[hasHttps ? 3 : 2] : "");
    }

    private static void ListenHttps(KestrelServerOptions kestrel, ServerOptions server, IPAddress address, HttpsCertificate certificate) =>
        kestrel.Listen(server.HttpsAddress.Length > 0 ? IPAddress.Parse(server.HttpsAddress) : address, server.HttpsPort, listen =>
        {
            // HTTP/2, so that a page's event stream does not take one of a browser's six connections.
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                // Asked for at the start; for a connection the one below counts, which brings its issuers along.
                https.ServerCertificateSelector = (_, _) => null;
                https.TlsClientHelloBytesCallback = ClientCertificates.Look;
                https.OnAuthenticate = (connection, tls) =>
                {
                    tls.ServerCertificateSelectionCallback = null;
                    tls.ServerCertificateContext = certificate.Shown;
                    ClientCertificates.Ask(connection, tls);
                };
            });
        });

    /// <summary>An address that stands for all of the machine's is none that a browser could open.</summary>
    private static IReadOnlyList<string> HttpsUrls(Uri bound)
    {
        if (!IPAddress.TryParse(bound.Host.Trim('[', ']'), out var address) || !(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            return [bound.GetLeftPart(UriPartial.Authority)];
        return [.. CertificateNames.LanAddresses().Append(IPAddress.Loopback).Select(a => $"https://{a}:{bound.Port}")];
    }
}
