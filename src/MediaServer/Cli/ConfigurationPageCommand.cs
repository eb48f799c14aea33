using MediaScore.MediaServer.Configuration;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>Prints docs/configuration.md. Hidden: <c>make docs</c> and a test use it.</summary>
internal sealed class ConfigurationPageCommand(CliConsole console) : Command<CommonSettings>
{
    public override int Execute(CommandContext context, CommonSettings settings, CancellationToken cancellationToken)
    {
        console.WriteLine(ConfigurationPage.Write().TrimEnd('\n'));
        return (int)ExitCode.Done;
    }
}
