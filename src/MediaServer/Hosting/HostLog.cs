namespace MediaScore.MediaServer.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "mediascore {Version} starts; against readiness: [{Reasons}]")]
    public static partial void Ready(ILogger logger, string version, string reasons);
}
