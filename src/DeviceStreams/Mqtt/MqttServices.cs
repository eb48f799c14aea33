using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>What MQTT works with.</summary>
public sealed record MqttServices(
    DeviceRegistry Registry, CommandQueue Commands, EventJournal Journal, DeviceOptions Devices, MqttOptions Options, MqttBrokerOptions Broker, TimeProvider Time, ILoggerFactory Loggers)
{
    /// <summary>Whose devices are at the site's broker.</summary>
    public string Tenant => Options.Tenant.Length > 0 ? Options.Tenant : Devices.Tenant;
}
