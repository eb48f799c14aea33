using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore models list</c>: what the catalog has and what is prepared of it.</summary>
internal sealed class ModelsListCommand(CliConsole console) : Command<CommonSettings>
{
    public override int Execute(CommandContext context, CommonSettings settings, CancellationToken cancellationToken)
    {
        var models = new ModelFolders(MediaScoreSettings.Build(settings)).OpenPrepared();
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Model", "Task", "Language", "Tier", "Licence", "Prepared");
        foreach (var model in models.Catalog.Models)
        {
            string? version = null;
            ModelUnavailableException? problem = null;
            try
            {
                version = models.Get(model.Id).Version;
            }
            catch (ModelUnavailableException e)
            {
                problem = e;
            }

            if (settings.Json)
                console.WriteJson(new { model = model.Id, model.Task, model.Language, model.Tier, model.License, version, problem = problem?.Problem, message = problem?.Message });
            else
                table.AddRow(model.Id.EscapeMarkup(), model.Task.EscapeMarkup(), model.Language.EscapeMarkup(), model.Tier.EscapeMarkup(), model.License.EscapeMarkup(), version is null ? $"[yellow]{problem!.Problem}[/]" : $"[green]{version.EscapeMarkup()}[/]");
        }

        if (!settings.Json)
            console.Out.Write(table);
        return (int)ExitCode.Done;
    }
}
