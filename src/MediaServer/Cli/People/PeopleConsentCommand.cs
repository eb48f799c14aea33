using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people consent</c>: somebody agreed to be recognised by the face.</summary>
internal sealed class PeopleConsentCommand(CliConsole console) : AsyncCommand<PeopleConsentSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PeopleConsentSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        if (!await folder.Directory.GiveConsentAsync(folder.Tenant, settings.Number, settings.Source, cancellationToken))
            throw folder.Nobody(settings.Number);
        if (settings.Json)
            console.WriteJson(new { settings.Number, consent = true, settings.Source });
        else
            console.Out.MarkupLine($"Number {settings.Number.EscapeMarkup()} agreed to be recognised by the face: {settings.Source.EscapeMarkup()}.");
        return (int)ExitCode.Done;
    }
}
