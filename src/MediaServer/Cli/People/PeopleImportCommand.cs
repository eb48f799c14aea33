using MediaScore.DeviceStreams.Gallery.Importing;
using MediaScore.MediaServer.Configuration;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people import</c>: a table and its photos, with a bar; one line a row that needs attention.</summary>
internal sealed class PeopleImportCommand(CliConsole console) : AsyncCommand<PeopleImportSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PeopleImportSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        using var source = Open(settings, MediaScoreSettings.Get<PeopleImportOptions>(folder.Configuration, "PeopleImport"));
        if (!settings.Json)
            console.Notes.MarkupLine($"{source.Rows.Count} rows, read as {source.Encoding}.");
        await using var faces = await PeopleFaces.OpenAsync(folder, loggers, cancellationToken);
        var import = new PeopleImport(folder.Directory, folder.Store, faces.Enrolment);
        var counts = new int[Enum.GetValues<ImportOutcome>().Length];
        async Task RunAsync(ProgressTask? bar)
        {
            await foreach (var line in import.RunAsync(folder.Tenant, source, cancellationToken))
            {
                counts[(int)line.Outcome]++;
                Print(line, settings.Json);
                bar?.Increment(1);
            }
        }

        if (settings.Json)
            await RunAsync(null);
        else
            await console.Notes.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(progress => RunAsync(progress.AddTask("importing", maxValue: Math.Max(1, source.Rows.Count))));
        Summarise(counts, source, settings.Json);
        return (int)(counts[(int)ImportOutcome.Refused] + counts[(int)ImportOutcome.BadRow] > 0 ? ExitCode.No : ExitCode.Done);
    }

    private static ImportSource Open(PeopleImportSettings settings, PeopleImportOptions options)
    {
        try
        {
            return ImportSource.Open(settings.Table, settings.Photos, options);
        }
        catch (PeopleImportException e)
        {
            throw new CliException(ExitCode.BadInput, e.Message, e);
        }
    }

    private void Print(ImportLine line, bool json)
    {
        if (json)
        {
            console.WriteJson(new
            {
                line.Line,
                line.Number,
                line.Outcome,
                line.Code,
                reason = line.Reason.Length > 0 ? line.Reason : null,
                note = line.OperatorNote.Length > 0 ? line.OperatorNote : null,
            });
        }
        else if (line.Reason.Length > 0)
        {
            var note = line.OperatorNote.Length > 0 ? $" [grey]({line.OperatorNote.EscapeMarkup()})[/]" : "";
            var word = line.Outcome == ImportOutcome.NoConsent ? "[yellow]no face[/]" : "[red]refused[/]";
            console.Out.MarkupLine($"{word} line {line.Line}, {line.Number.EscapeMarkup()}: {line.Reason.EscapeMarkup()}{note}");
        }
    }

    private void Summarise(int[] counts, ImportSource source, bool json)
    {
        int Of(ImportOutcome outcome) => counts[(int)outcome];
        if (json)
        {
            console.WriteJson(new
            {
                rows = source.Rows.Count,
                source.Encoding,
                enrolled = Of(ImportOutcome.Enrolled),
                stored = Of(ImportOutcome.Stored),
                unchanged = Of(ImportOutcome.Unchanged),
                noConsent = Of(ImportOutcome.NoConsent),
                refused = Of(ImportOutcome.Refused),
                badRows = Of(ImportOutcome.BadRow),
            });
            return;
        }

        console.Out.MarkupLine(
            $"[green]{Of(ImportOutcome.Enrolled)} enrolled[/], {Of(ImportOutcome.Stored)} stored without a new face, {Of(ImportOutcome.Unchanged)} unchanged, {Of(ImportOutcome.NoConsent)} without consent, {Of(ImportOutcome.Refused)} photos refused, {Of(ImportOutcome.BadRow)} bad rows.");
    }
}
