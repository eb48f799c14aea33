using System.Net.Sockets;
using System.Security.Cryptography;
using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>What the host opens and registers for devices.</summary>
internal static class DeviceServices
{
    public const string Section = "Devices";
    public const string GallerySection = "Gallery";
    public const string ZkPushSection = "Devices:ZkPush";
    public const string IsapiSection = "Devices:Isapi";

    /// <exception cref="CliException">A setting is at fault.</exception>
    public static Task<DeviceParts> OpenAsync(IConfiguration configuration, ServerParts parts, ModelSet models, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = MediaScoreSettings.Get<DeviceOptions>(configuration, Section);
        if (new DeviceOptionsValidator().Validate(null, options) is { Failed: true } faults)
            throw new CliException(ExitCode.BadInput, faults.FailureMessage);
        return DeviceParts.OpenAsync(
            new DevicePartsSetup
            {
                Options = options,
                Gallery = MediaScoreSettings.Get<GalleryOptions>(configuration, GallerySection),
                Contexts = parts.Contexts,
                Keys = parts.TenantKeys,
                Faces = models.Faces,
                WhyNoFaces = models.WhyNoFaces,
                Embedder = () => models.FaceEmbedder,
                PicturesFolder = parts.DevicePicturesFolder,
                Time = time,
                Loggers = loggers,
            },
            cancellation);
    }

    /// <exception cref="CliException">A setting is at fault, or the broker's port is taken.</exception>
    public static async Task<DeviceProtocols> StartAsync(IConfiguration configuration, DeviceParts parts, TimeProvider time, ILoggerFactory loggers)
    {
        var setup = new DeviceProtocolsSetup
        {
            ZkPush = MediaScoreSettings.Get<ZkPushOptions>(configuration, ZkPushSection),
            Isapi = MediaScoreSettings.Get<IsapiOptions>(configuration, IsapiSection),
            Mqtt = MediaScoreSettings.Get<MqttOptions>(configuration, MqttOptions.Section),
            MqttBroker = MediaScoreSettings.Get<MqttBrokerOptions>(configuration, MqttBrokerOptions.Section),
            Http = MediaScoreSettings.Get<DeviceApiOptions>(configuration, DeviceApiOptions.Section),
            Time = time,
            Loggers = loggers,
        };
        List<string> faults = [.. MqttOptionsCheck.Faults(setup.Mqtt), .. MqttOptionsCheck.Faults(setup.MqttBroker)];
        if (setup.Isapi.PublicUrl.Length > 0 && !(Uri.TryCreate(setup.Isapi.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add($"Devices:Isapi:PublicUrl is '{setup.Isapi.PublicUrl}'; it must be an http or https URL with an IP address, or empty.");
        if (faults.Count > 0)
            throw new CliException(ExitCode.BadInput, string.Join("; ", faults));
        try
        {
            return await DeviceProtocols.StartAsync(parts, setup);
        }
        catch (SocketException e)
        {
            throw new CliException(ExitCode.Environment, $"The MQTT broker cannot listen on {setup.MqttBroker.Address}:{setup.MqttBroker.Port} (Devices:MqttBroker): {e.Message}", e);
        }
        catch (Exception e) when (e is CryptographicException or IOException or InvalidDataException)
        {
            throw new CliException(ExitCode.BadInput, $"A certificate of Devices:Mqtt or Devices:MqttBroker cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The parts stay the host's: a container disposes nothing that it was given.</summary>
    public static void AddDevices(this IServiceCollection services, DeviceParts devices, DeviceProtocols protocols)
    {
        services.AddSingleton(devices);
        services.AddSingleton(protocols);
        services.AddSingleton(protocols.Http);
        services.AddSingleton(devices.Grpc);
        services.AddSingleton<DeviceIngress>();
    }
}
