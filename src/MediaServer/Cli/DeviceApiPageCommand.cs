using MediaScore.MediaServer.Ingress.Devices;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>Prints docs/formats/device-api.json. Hidden: it is for who changes the device API, and a test compares.</summary>
internal sealed class DeviceApiPageCommand(CliConsole console) : AsyncCommand<CommonSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, CommonSettings settings, CancellationToken cancellationToken)
    {
        console.WriteLine((await DeviceApiDocument.WriteAsync(cancellationToken)).TrimEnd('\n'));
        return (int)ExitCode.Done;
    }
}
