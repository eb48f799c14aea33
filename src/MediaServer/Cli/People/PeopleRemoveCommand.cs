using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people remove</c>: somebody, or one template of theirs.</summary>
internal sealed class PeopleRemoveCommand(CliConsole console) : AsyncCommand<PeopleRemoveSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PeopleRemoveSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        var person = await folder.RequireAsync(settings.Number, cancellationToken);
        var erased = settings.Template is { } template ? await RemoveTemplateAsync(folder, person.Id, template, cancellationToken) : person.TemplateCount;
        if (settings.Template is null && !await folder.Directory.RemoveAsync(folder.Tenant, settings.Number, cancellationToken))
            throw folder.Nobody(settings.Number);
        if (settings.Json)
            console.WriteJson(new { settings.Number, removed = settings.Template is null, erasedTemplates = erased, logHoldsErased = folder.Store.LogHoldsErased });
        else
            console.Out.MarkupLine($"Number {settings.Number.EscapeMarkup()}: {(settings.Template is null ? "removed, " : "")}{erased} templates erased. {folder.ErasureNote().EscapeMarkup()}");
        return (int)ExitCode.Done;
    }

    private static async Task<int> RemoveTemplateAsync(PeopleFolder folder, string personId, string templateId, CancellationToken cancellation)
    {
        if ((await folder.Store.TemplatesOfAsync(personId, cancellation)).All(template => template.Id != templateId) || !await folder.Store.RemoveTemplateAsync(templateId, cancellation))
            throw new CliException(ExitCode.BadInput, $"This person has no template {templateId}; people list --json shows the ids.");
        return 1;
    }
}
