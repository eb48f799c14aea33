using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>The settings as the library takes them.</summary>
internal static class MqttLinkOptions
{
    /// <exception cref="Exception">A certificate cannot be read.</exception>
    public static MqttClientOptions Build(MqttServices services)
    {
        var (options, tenant) = (services.Options, services.Tenant);
        var will = Status(services, isOnline: false);
        var builder = new MqttClientOptionsBuilder()
            .WithConnectionUri(new Uri(options.Server))
            .WithProtocolVersion(options.Version == "5" ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithClientId(options.ClientId.Length > 0 ? options.ClientId : $"mediascore-{tenant}")
            // The broker keeps what comes while this server is away.
            .WithCleanStart(false)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveS))
            .WithWillTopic(will.Topic)
            .WithWillPayload(StatusPayload(isOnline: false))
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (options.Version == "5")
        {
            builder
                .WithSessionExpiryInterval((uint)TimeSpan.FromHours(options.SessionHours).TotalSeconds)
                .WithReceiveMaximum((ushort)options.InFlight)
                // The fixed header, the longest topic and some properties beside the payload: what is longer a broker of version 5 does not send at all.
                .WithMaximumPacketSize((uint)options.MaxPayloadBytes + 1_024);
        }

        if (options.UserName.Length > 0)
            builder.WithCredentials(options.UserName, options.Password);
        if (options.Server.StartsWith("mqtts:", StringComparison.OrdinalIgnoreCase))
            builder.WithTlsOptions(tls => UseTls(tls, options));
        return builder.Build();
    }

    /// <summary>What devices see of this server.</summary>
    public static MqttApplicationMessage Status(MqttServices services, bool isOnline) => new MqttApplicationMessageBuilder()
        .WithTopic(MqttTopic.Server(services.Tenant))
        .WithPayload(StatusPayload(isOnline))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag()
        .Build();

    private static byte[] StatusPayload(bool isOnline) => Encoding.UTF8.GetBytes(isOnline ? """{"online":true}""" : """{"online":false}""");

    private static void UseTls(MqttClientTlsOptionsBuilder tls, MqttOptions options)
    {
        tls.UseTls();
        if (options.CaFile.Length > 0)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.CaFile);
            tls.WithTrustChain(authorities);
            // A site's own authority has no lists of revoked certificates.
            tls.WithRevocationMode(X509RevocationMode.NoCheck);
        }

        if (options.CertificateFile.Length > 0)
            tls.WithClientCertificates(new X509Certificate2Collection(CertificateFiles.Load(options.CertificateFile, options.CertificateKeyFile)));
    }
}
