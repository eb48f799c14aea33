using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>What the host opens and registers for devices.</summary>
internal static class DeviceServices
{
    public const string Section = "Devices";
    public const string GallerySection = "Gallery";

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

    /// <summary>The parts stay the host's: a container disposes nothing that it was given.</summary>
    public static void AddDevices(this IServiceCollection services, DeviceParts devices)
    {
        services.AddSingleton(devices);
        services.AddSingleton(devices.Grpc);
        services.AddSingleton<DeviceIngress>();
    }
}
