namespace MediaScore.MediaServer.Api.Devices;

/// <summary>What people decided at the console. Ids only.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Console: device {DeviceId} is {State} now")]
    public static partial void DeviceState(ILogger logger, string deviceId, string state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Console: the key of device {DeviceId} was forgotten")]
    public static partial void KeyForgotten(ILogger logger, string deviceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Console: device {DeviceId} was removed")]
    public static partial void DeviceRemoved(ILogger logger, string deviceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Console: device {DeviceId} was told {Kind} (command {CommandId})")]
    public static partial void Commanded(ILogger logger, string deviceId, string kind, long commandId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Console: events of tenant {Tenant} were exported, {Count} rows")]
    public static partial void Exported(ILogger logger, string tenant, long count);
}
