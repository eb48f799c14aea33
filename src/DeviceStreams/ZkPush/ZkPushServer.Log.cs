using MediaScore.DeviceStreams.Registry;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.ZkPush;

// No bodies, here or anywhere: passwords, templates and names stand in them.
public sealed partial class ZkPushServer
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A ZKTeco terminal's {Call} could not be stored; it will send it again")]
    private static partial void LogFault(ILogger logger, string call, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ZKTeco terminal {Serial} is turned away ({Verdict}): {Reason}")]
    private static partial void LogTurnedAway(ILogger logger, string serial, AdmissionVerdict verdict, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ZKTeco terminal {Serial} sends a body of more than {Limit} bytes, and will send it again for ever: raise Devices:ZkPush:MaxBodyBytes")]
    private static partial void LogTooLarge(ILogger logger, string serial, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ZKTeco terminal {Serial} says what it is in more than {Limit} bytes; no setting lets it say so much")]
    private static partial void LogTooWordy(ILogger logger, string serial, int limit);

    private void LogFault(string call, Exception exception) => LogFault(_services.Log, call, exception);

    private void LogTurnedAway(string serial, AdmissionVerdict verdict, string reason) => LogTurnedAway(_services.Log, serial, verdict, reason);

    private void LogTooLarge(string serial, int limit) => LogTooLarge(_services.Log, serial, limit);

    private void LogTooWordy(string serial, int limit) => LogTooWordy(_services.Log, serial, limit);
}
