using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people withdraw</c>: somebody no longer agrees; the face goes.</summary>
internal sealed class PeopleWithdrawCommand(CliConsole console) : AsyncCommand<PersonSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PersonSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        var erased = await folder.Directory.WithdrawConsentAsync(folder.Tenant, settings.Number, cancellationToken) ?? throw folder.Nobody(settings.Number);
        if (settings.Json)
            console.WriteJson(new { settings.Number, consent = false, erasedTemplates = erased, logHoldsErased = folder.Store.LogHoldsErased });
        else
            console.Out.MarkupLine($"Number {settings.Number.EscapeMarkup()}: consent withdrawn, {erased} templates erased. {folder.ErasureNote().EscapeMarkup()}");
        return (int)ExitCode.Done;
    }
}
