using System.Net.Sockets;
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

    /// <exception cref="CliException">A setting is at fault, or the broker's port is taken.</exception>
    public static async Task<DeviceParts> OpenAsync(IConfiguration configuration, ServerParts parts, ModelSet models, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = MediaScoreSettings.Get<DeviceOptions>(configuration, Section);
        var mqtt = MediaScoreSettings.Get<MqttOptions>(configuration, MqttOptions.Section);
        var broker = MediaScoreSettings.Get<MqttBrokerOptions>(configuration, MqttBrokerOptions.Section);
        string[] faults =
        [
            .. new DeviceOptionsValidator().Validate(null, options) is { Failed: true } fault ? (string[])[fault.FailureMessage] : [],
            .. MqttOptionsCheck.Faults(mqtt),
            .. MqttOptionsCheck.Faults(broker),
        ];
        if (faults.Length > 0)
            throw new CliException(ExitCode.BadInput, string.Join("; ", faults));
        var setup = new DevicePartsSetup
        {
            Options = options,
            Gallery = MediaScoreSettings.Get<GalleryOptions>(configuration, GallerySection),
            ZkPush = MediaScoreSettings.Get<ZkPushOptions>(configuration, ZkPushOptions.Section),
            Isapi = MediaScoreSettings.Get<IsapiOptions>(configuration, IsapiOptions.Section),
            Http = MediaScoreSettings.Get<DeviceApiOptions>(configuration, DeviceApiOptions.Section),
            Mqtt = mqtt,
            MqttBroker = broker,
            Contexts = parts.Contexts,
            Keys = parts.TenantKeys,
            Faces = models.Faces,
            WhyNoFaces = models.WhyNoFaces,
            Embedder = () => models.FaceEmbedder,
            PicturesFolder = parts.DevicePicturesFolder,
            Time = time,
            Loggers = loggers,
        };
        try
        {
            return await DeviceParts.OpenAsync(setup, cancellation);
        }
        catch (SocketException e)
        {
            throw new CliException(ExitCode.BadInput, $"Devices:MqttBroker: {broker.Address}:{broker.Port} cannot be listened to: {e.Message}. Name another Port, or stop what has it.", e);
        }
    }

    /// <summary>The parts stay the host's: a container disposes nothing that it was given.</summary>
    public static void AddDevices(this IServiceCollection services, DeviceParts devices)
    {
        services.AddSingleton(devices);
        services.AddSingleton(devices.Grpc);
        services.AddSingleton(devices.ZkPush);
        services.AddSingleton(devices.Isapi);
        services.AddSingleton(devices.Api);
        services.AddSingleton<DeviceIngress>();
    }
}
