namespace MediaScore.MediaServer.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "mediascore {Version} starts; against readiness: [{Reasons}]")]
    public static partial void Ready(ILogger logger, string version, string reasons);

    // Two servers of the same load differ by this first: int8 products take one instruction with VNNI and three without.
    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on {Provider}, {Workers} workers: {Processor}, {Cores} cores, {Flags}; int8 products in one instruction (VNNI): {Vnni}")]
    public static partial void Processor(ILogger logger, string provider, int workers, string processor, int cores, string flags, bool vnni);
}
