namespace MediaScore.MediaServer.Cli;

/// <summary>Loggers of a command. All of them write to standard error.</summary>
internal static class CliLogging
{
    public static ILoggerFactory ForServer(IConfiguration configuration) => LoggerFactory.Create(logging => logging
        .AddConfiguration(configuration.GetSection("Logging"))
        // At "Information" it writes whole request lines, and with them the ?token= of a report's link; no level that anybody sets may bring that back.
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

    /// <summary>For a server inside another command: faults only, or they would tear the progress bar apart.</summary>
    public static ILoggerFactory ForCommand() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Error)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
