using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore models prepare</c>: packages in, checked and rewritten graphs out; a bar a model and package.</summary>
internal sealed class ModelsPrepareCommand(CliConsole console) : AsyncCommand<ModelsPrepareSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ModelsPrepareSettings settings, CancellationToken cancellationToken)
    {
        var folders = new ModelFolders(MediaScoreSettings.Build(settings));
        if (settings.From is { } from && !Directory.Exists(from))
            throw new CliException(ExitCode.BadInput, $"--from: there is no folder {from}.");
        var options = new PreparationOptions
        {
            Catalog = folders.LoadCatalog(),
            PreparedFolder = folders.PreparedFolder,
            PackagesFolder = folders.PackagesFolder,
            FromFolder = settings.From is null ? null : Path.GetFullPath(settings.From),
            Models = settings.Ids,
        };
        var outcomes = settings.Json
            ? await ModelPreparer.PrepareAsync(options, cancellationToken: cancellationToken)
            : await console.Notes.Progress()
                .AutoClear(false)
                .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(async progress => await ModelPreparer.PrepareAsync(options, new PreparationBars(progress), cancellationToken));

        foreach (var outcome in outcomes)
        {
            if (settings.Json)
                console.WriteJson(new { model = outcome.ModelId, outcome.Version, outcome.WasUpToDate, outcome.Bytes, problem = outcome.Problem?.Problem, message = outcome.Problem?.Message });
            else if (outcome.Problem is { } problem)
                console.Out.MarkupLine($"[red]fault[/]  {problem.Message.EscapeMarkup()}");
            else
                console.Out.MarkupLine($"[green]ok[/]     {outcome.ModelId.EscapeMarkup()} {outcome.Version.EscapeMarkup()} ({outcome.Bytes / 1e6:0.0} MB{(outcome.WasUpToDate ? ", was there" : "")})");
        }

        return (int)(outcomes.Any(o => o.Problem is not null) ? ExitCode.No : ExitCode.Done);
    }
}
