using MediaScore.DeviceStreams.Isapi.Client;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Isapi.Pull;

// No passwords, nonces, names or numbers of people: a device's id is all that links a line to a door.
internal sealed partial class IsapiConnection
{
    private readonly ILogger _logger;

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {DeviceId} is connected: {Model}, {Firmware}")]
    private partial void LogConnected(string deviceId, string model, string firmware);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {DeviceId} cannot be reached: {Reason}")]
    private partial void LogUnreachable(string deviceId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Device {DeviceId} is left alone ({Fault}): {Reason}")]
    private partial void LogStopped(string deviceId, IsapiFault fault, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Device {DeviceId}: what it sent could not be handled; it is connected anew")]
    private partial void LogFailed(string deviceId, Exception exception);
}
