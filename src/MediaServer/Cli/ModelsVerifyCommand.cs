using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore models verify</c>: hashes, operator sets, signatures and the known answer of every model.</summary>
internal sealed class ModelsVerifyCommand(CliConsole console) : AsyncCommand<ModelsSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ModelsSettings settings, CancellationToken cancellationToken)
    {
        var models = new ModelFolders(MediaScoreSettings.Build(settings)).OpenPrepared();
        IReadOnlyList<ModelVerification> results;
        if (settings.Json)
        {
            results = await ModelVerifier.VerifyAsync(models, settings.Ids, cancellationToken: cancellationToken);
            foreach (var result in results)
                console.WriteJson(new { model = result.ModelId, result.Version, result.GoldenRuns, result.LargestDifference, problem = result.Problem?.Problem, message = result.Problem?.Message });
        }
        else
        {
            var count = settings.Ids.Length > 0 ? settings.Ids.Length : models.Catalog.Models.Count;
            results = await console.Notes.Progress().AutoClear(true).StartAsync(async progress =>
                await ModelVerifier.VerifyAsync(models, settings.Ids, new VerificationBar(progress.AddTask("verifying", maxValue: count)), cancellationToken));
            foreach (var result in results)
                console.Out.MarkupLine(Describe(result));
        }

        return (int)(results.Any(r => r.Problem is not null) ? ExitCode.No : ExitCode.Done);
    }

    private static string Describe(ModelVerification result)
    {
        if (result.Problem is { } problem)
            return $"[red]fault[/]  {problem.Message.EscapeMarkup()}";
        var golden = result.GoldenRuns == 0 ? "hashes only" : $"{result.GoldenRuns} known answer(s), largest difference {result.LargestDifference:0.0e+0}";
        return $"[green]ok[/]     {result.ModelId.EscapeMarkup()} {result.Version.EscapeMarkup()}: {golden}";
    }

    private sealed class VerificationBar(ProgressTask bar) : IProgress<ModelVerification>
    {
        public void Report(ModelVerification value)
        {
            bar.Description = $"verified {value.ModelId.EscapeMarkup()}";
            bar.Increment(1);
        }
    }
}
