namespace MediaScore.MediaServer.Cli;

/// <summary>Ends a command with a message for its user: what is wrong, with what, and what to do.</summary>
internal sealed class CliException(ExitCode exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode ExitCode { get; } = exitCode;
}
