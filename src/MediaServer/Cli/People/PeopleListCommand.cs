using MediaScore.DeviceStreams.Gallery;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people list</c>: who is known, by number.</summary>
internal sealed class PeopleListCommand(CliConsole console) : AsyncCommand<PeopleSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PeopleSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var folder = await PeopleFolder.OpenAsync(settings, loggers, cancellationToken);
        var people = await folder.Directory.ListAsync(folder.Tenant, cancellationToken);
        if (settings.Json)
        {
            foreach (var person in people)
            {
                var templates = person.TemplateCount == 0 ? [] : await folder.Store.TemplatesOfAsync(person.Id, cancellationToken);
                var lookalikes = person.TemplateCount == 0 ? [] : await folder.Store.LookalikesOfAsync(person.Id, cancellationToken);
                console.WriteJson(new
                {
                    person.Number,
                    person.Name,
                    blocked = person.IsBlocked,
                    consentGivenAt = person.ConsentGivenAt,
                    consentSource = person.ConsentGivenAt is null ? null : person.ConsentSource,
                    consentWithdrawnAt = person.ConsentWithdrawnAt,
                    templates = templates.Select(template => new { template.Id, template.Source, quality = Math.Round(template.Quality, 3), model = $"{template.ModelId}@{template.ModelVersion}", template.CreatedAt }),
                    lookalikes = lookalikes.Select(other => new { other.Number, similarity = Math.Round(other.Similarity, 3), other.Source, other.SaidAt }),
                });
            }
        }
        else if (people.Count == 0)
        {
            console.Out.MarkupLine($"Nobody is known in tenant '{folder.Tenant.EscapeMarkup()}'.");
        }
        else
        {
            console.Out.Write(TableOf(people));
        }

        return (int)ExitCode.Done;
    }

    private static Table TableOf(IReadOnlyList<PersonEntry> people)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Number", "Name", "Consent", "Faces", "");
        foreach (var person in people)
        {
            var consent = person switch
            {
                { ConsentGivenAt: { } given } => $"{given:yyyy-MM-dd}, {person.ConsentSource.EscapeMarkup()}",
                { ConsentWithdrawnAt: { } withdrawn } => $"[yellow]withdrawn {withdrawn:yyyy-MM-dd}[/]",
                _ => "[grey]none[/]",
            };
            table.AddRow(person.Number.EscapeMarkup(), person.Name.EscapeMarkup(), consent, $"{person.TemplateCount}", person.IsBlocked ? "[red]blocked[/]" : "");
        }

        return table;
    }
}
