using System.Runtime.InteropServices;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal sealed class VersionCommand(CliConsole console) : Command<CommonSettings>
{
    public override int Execute(CommandContext context, CommonSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Json)
            console.WriteJson(new { product = "mediascore", version = ProductVersion.Full, runtime = RuntimeInformation.FrameworkDescription, os = RuntimeInformation.OSDescription });
        else
            console.WriteLine($"mediascore {ProductVersion.Full} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription})");
        return (int)ExitCode.Done;
    }
}
