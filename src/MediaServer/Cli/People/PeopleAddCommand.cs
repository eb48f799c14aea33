using MediaScore.DeviceStreams.Gallery;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people add</c>: somebody, and with consent their face.</summary>
internal sealed class PeopleAddCommand(CliConsole console) : AsyncCommand<PeopleAddSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PeopleAddSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Photos.FirstOrDefault(photo => !File.Exists(photo)) is { } missing)
            throw new CliException(ExitCode.BadInput, $"--photo: there is no file {missing}.");
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        var stored = await StoreAsync(folder, settings, cancellationToken);
        var results = new List<(string Photo, EnrolmentResult Result)>();
        if (settings.Photos.Length > 0)
        {
            // Before the models are loaded: they have nothing to do with it.
            if ((await folder.RequireAsync(settings.Number, cancellationToken)).ConsentGivenAt is null)
                throw new CliException(ExitCode.BadInput, $"Number {settings.Number} has not agreed to be recognised by the face. Say how they did with --consent SOURCE, or leave --photo out.");
            await using var faces = await PeopleFaces.OpenAsync(folder, loggers, cancellationToken);
            foreach (var photo in settings.Photos)
                results.Add((photo, await EnrolAsync(faces.Enrolment, folder.Tenant, settings, photo, cancellationToken)));
        }

        Print(settings, stored, results);
        return (int)(results.All(r => r.Result.Code is EnrolmentCode.Enrolled or EnrolmentCode.AlreadyEnrolled) ? ExitCode.Done : ExitCode.No);
    }

    private static async Task<StoredPerson> StoreAsync(PeopleFolder folder, PeopleAddSettings settings, CancellationToken cancellation)
    {
        var known = await folder.Directory.FindAsync(folder.Tenant, settings.Number, cancellation);
        if (known is null && settings.Name is null)
            throw new CliException(ExitCode.BadInput, $"Number {settings.Number} is new: name the person with --name.");
        if ((settings.Name is { } named ? PersonRules.FaultOfName(named) : null) is { } fault)
            throw new CliException(ExitCode.BadInput, $"--name: {fault}.");
        if ((settings.Consent is { } consented ? PersonRules.FaultOfConsent(consented) : null) is { } consentFault)
            throw new CliException(ExitCode.BadInput, $"--consent: {consentFault}.");
        var stored = settings.Name is { } name ? await folder.Directory.SetAsync(folder.Tenant, settings.Number, name, cancellation) : StoredPerson.Unchanged;
        if (settings.Consent is { } consent)
            await folder.Directory.GiveConsentAsync(folder.Tenant, settings.Number, consent, cancellation);
        return stored;
    }

    private static async Task<EnrolmentResult> EnrolAsync(Enrolment enrolment, string tenant, PeopleAddSettings settings, string photo, CancellationToken cancellation)
    {
        if (new FileInfo(photo).Length > int.MaxValue)
            throw new CliException(ExitCode.BadInput, $"--photo: {photo} is no picture.");
        var bytes = await File.ReadAllBytesAsync(photo, cancellation);
        return settings.Lookalike
            ? await enrolment.EnrolLookalikeAsync(tenant, settings.Number, bytes, "photo", cancellation)
            : await enrolment.EnrolAsync(tenant, settings.Number, bytes, "photo", cancellation);
    }

    private void Print(PeopleAddSettings settings, StoredPerson stored, List<(string Photo, EnrolmentResult Result)> results)
    {
        if (settings.Json)
        {
            console.WriteJson(new
            {
                settings.Number,
                stored,
                photos = results.Select(r => new { r.Photo, r.Result.Enrolled, r.Result.Code, r.Result.TemplateId, r.Result.Reason, note = Empty(r.Result.OperatorNote), r.Result.Quality }),
            });
            return;
        }

        var word = stored switch { StoredPerson.Added => "added", StoredPerson.Renamed => "renamed", _ => "known already" };
        console.Out.MarkupLine($"Number {settings.Number.EscapeMarkup()}: {word}.");
        foreach (var (photo, result) in results)
        {
            var note = result.OperatorNote.Length > 0 ? $" [grey]({result.OperatorNote.EscapeMarkup()})[/]" : "";
            console.Out.MarkupLine(result.Enrolled
                ? $"[green]ok[/]     {photo.EscapeMarkup()}: enrolled, quality {result.Quality:0.00}{note}"
                : $"{(result.Code == EnrolmentCode.AlreadyEnrolled ? "[grey]same[/]   " : "[red]refused[/]")} {photo.EscapeMarkup()}: {result.Reason.EscapeMarkup()}{note}");
        }
    }

    private static string? Empty(string text) => text.Length > 0 ? text : null;
}
