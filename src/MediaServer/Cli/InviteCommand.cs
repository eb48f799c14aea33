using MediaScore.MediaServer.Hosting;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore invite</c>: makes an interview on a running server, and prints the candidate's link and the report's.</summary>
internal sealed class InviteCommand(CliConsole console) : AsyncCommand<InviteSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, InviteSettings settings, CancellationToken cancellationToken)
    {
        var request = new CreateInterviewRequest
        {
            Tenant = settings.Tenant,
            CandidateReference = settings.Reference,
            CandidateConsents = true,
            Language = settings.Language,
            PolicyProfile = settings.Policy,
            Recognizer = settings.Recognizer,
        };
        await PlanReference.SetAsync(request, settings.Plan, cancellationToken);
        await using var server = ConnectedServer.Connect(settings.Server);
        var created = await server.CreateAsync(request, cancellationToken);
        if (created.CandidateUrl.Length == 0)
            throw new CliException(ExitCode.ServerRefused, "The server is older than this command: it knows no invitations.");

        // The report's page lies on the same site as the candidate's.
        var report = $"{new Uri(created.CandidateUrl).GetLeftPart(UriPartial.Authority)}{ServerAddresses.ReportPath(created.InterviewId)}?token={created.AccessToken}";
        if (settings.Json)
        {
            console.WriteJson(new { created.InterviewId, candidateUrl = created.CandidateUrl, candidateLanUrls = created.CandidateLanUrls.ToArray(), reportUrl = report, accessToken = created.AccessToken });
            return (int)ExitCode.Done;
        }

        console.Out.MarkupLine($"Interview {created.InterviewId}. For the candidate, good for 14 days:");
        console.WriteLine(created.CandidateUrl);
        if (created.CandidateLanUrls.Count > 0)
        {
            console.Out.MarkupLine("The same for a phone or another machine in the server's network; its browser warns of the certificate unless the server was given a real one:");
            foreach (var url in created.CandidateLanUrls)
                console.WriteLine(url);
        }
        else if (new Uri(created.CandidateUrl) is { IsLoopback: true })
        {
            console.Out.MarkupLine("[yellow]This link opens on the server's own machine only.[/] For others start the server with --lan, or name its address in Server:PublicUrl.");
        }

        console.Out.MarkupLine("For whoever decides, once it is over (keep it apart from the first):");
        console.WriteLine(report);
        return (int)ExitCode.Done;
    }
}
