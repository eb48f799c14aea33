using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt;

internal sealed partial class MqttLink
{
    [LoggerMessage(1, LogLevel.Information, "Connected to the MQTT broker {Server}, for devices of tenant {Tenant}")]
    private partial void LogOpened(string server, string tenant);

    [LoggerMessage(2, LogLevel.Warning, "The MQTT broker {Server} let this server not in: {Reason}")]
    private partial void LogRefused(string server, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The MQTT broker {Server} is not reached: {Reason}")]
    private partial void LogFailed(string server, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The connection to the MQTT broker {Server} was lost: {Reason}")]
    private partial void LogLost(string server, string reason);

    [LoggerMessage(5, LogLevel.Error, "Messages of devices could not be stored; the broker keeps them, and they are asked for again")]
    private partial void LogNotStored(Exception fault);
}
