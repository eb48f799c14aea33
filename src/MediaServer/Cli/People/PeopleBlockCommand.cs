using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people block</c>: somebody may pass no door; the face stays.</summary>
internal sealed class PeopleBlockCommand(CliConsole console) : AsyncCommand<PersonSettings>
{
    public override Task<int> ExecuteAsync(CommandContext context, PersonSettings settings, CancellationToken cancellationToken) =>
        RunAsync(console, settings, blocked: true, cancellationToken);

    public static async Task<int> RunAsync(CliConsole console, PersonSettings settings, bool blocked, CancellationToken cancellation)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellation);
        if (!await folder.Directory.SetBlockedAsync(folder.Tenant, settings.Number, blocked, cancellation))
            throw folder.Nobody(settings.Number);
        if (settings.Json)
            console.WriteJson(new { settings.Number, blocked });
        else
            console.Out.MarkupLine($"Number {settings.Number.EscapeMarkup()} {(blocked ? "may pass no door" : "may pass doors again")}.");
        return (int)ExitCode.Done;
    }
}
