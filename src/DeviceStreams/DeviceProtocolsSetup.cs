using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.ZkPush;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams;

/// <summary>What <see cref="DeviceProtocols"/> are made of.</summary>
public sealed record DeviceProtocolsSetup
{
    public required ZkPushOptions ZkPush { get; init; }

    public required IsapiOptions Isapi { get; init; }

    public required MqttOptions Mqtt { get; init; }

    public required MqttBrokerOptions MqttBroker { get; init; }

    public required DeviceApiOptions Http { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }
}
