using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.ZkPush;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams;

/// <summary>Every protocol of devices beside our own stream, put together over <see cref="DeviceParts"/>: what a host maps paths to, and what calls or listens by itself. Dispose it before them.</summary>
public sealed class DeviceProtocols : IAsyncDisposable
{
    private readonly GateDesk _desk;

    private DeviceProtocols(DeviceParts parts, DeviceProtocolsSetup setup)
    {
        var (time, loggers) = (setup.Time, setup.Loggers);
        var people = new TerminalPeople(parts.Persons, parts.Keys, async (tenant, number, picture, source, cancellationToken) =>
        {
            var result = await parts.Enrolment.EnrolAsync(tenant, number, picture, source, cancellationToken);
            return (result.Enrolled || result.Code == EnrolmentCode.AlreadyEnrolled, result.Reason);
        });
        ZkPush = new ZkPushServer(
            new ZkPushServices(parts.Registry, parts.Commands, parts.Journal, parts.Pictures, people, parts.Keys, parts.Options, setup.ZkPush, time, loggers.CreateLogger<ZkPushServer>()));
        Isapi = new IsapiService(
            parts.Registry, parts.Commands, parts.Journal, parts.Pictures, new StoredPeople(parts.Persons, parts.Keys), new GalleryVerifier(parts.Faces, parts.Gallery), parts.Policy, parts.Keys,
            parts.Options, setup.Isapi, time, loggers.CreateLogger<IsapiService>());
        Mqtt = new MqttIngress(new MqttServices(parts.Registry, parts.Commands, parts.Journal, parts.Options, setup.Mqtt, setup.MqttBroker, time, loggers));
        _desk = new GateDesk(parts.Faces, parts.Gallery, parts.Policy, parts.Journal, parts.Options, time);
        Http = new DeviceApi(
            new DeviceApiServices(parts.Registry, parts.Commands, parts.Journal, _desk, parts.Options, setup.Http, time, loggers.CreateLogger<DeviceApi>(), parts.Stopping));
    }

    /// <summary>ZKTeco terminals; every path with <c>/iclock/</c> in it.</summary>
    public ZkPushServer ZkPush { get; }

    /// <summary>Hikvision devices: calls those that have an address, and hears those that post.</summary>
    public IsapiService Isapi { get; }

    /// <summary>Badges and sensors.</summary>
    public MqttIngress Mqtt { get; }

    /// <summary>The device API under <c>/devices/v1</c>.</summary>
    public DeviceApi Http { get; }

    /// <summary>Begins to call devices, and to listen where that needs no web server.</summary>
    /// <exception cref="Exception">A port is taken, or a certificate cannot be read; the message says which.</exception>
    public static async Task<DeviceProtocols> StartAsync(DeviceParts parts, DeviceProtocolsSetup setup)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(setup);
        var protocols = new DeviceProtocols(parts, setup);
        try
        {
            await protocols.Mqtt.StartAsync();
            protocols.Isapi.Start();
            return protocols;
        }
        catch
        {
            await protocols.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Isapi.DisposeAsync();
        await Mqtt.DisposeAsync();
        Http.Dispose();
        ZkPush.Dispose();
        await _desk.DisposeAsync();
    }
}
