using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.Assessment.Reports;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore report</c>: the ratings at a glance, the whole as JSON, or the page.</summary>
internal sealed class ReportCommand(CliConsole console) : AsyncCommand<ReportSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ReportSettings settings, CancellationToken cancellationToken)
    {
        var json = settings.Server is { } server
            ? await AskAsync(server, settings, cancellationToken)
            : await ReadAsync(settings, cancellationToken);
        var content = settings.Html ? ReportHtml.Write(ReportJson.Read(json), new ReportHtmlOptions()) : json;
        if (settings.Output is { } path)
        {
            await PrivateFile.WriteAsync(path, content, cancellationToken);
            if (settings.Json)
                console.WriteJson(new { interview = settings.Id, file = Path.GetFullPath(path) });
            else
                console.WriteLine(Path.GetFullPath(path));
        }
        else if (settings.Html)
        {
            console.WriteLine(Encoding.UTF8.GetString(content));
        }
        else if (settings.Json)
        {
            // Stored over many lines; the promise is one object a line.
            console.WriteLine(JsonNode.Parse(json)!.ToJsonString(CliConsole.JsonLine));
        }
        else
        {
            Print(ReportJson.Read(json));
        }

        return (int)ExitCode.Done;
    }

    private static async Task<byte[]> ReadAsync(ReportSettings settings, CancellationToken cancellation)
    {
        using var loggers = CliLogging.ForCommand();
        using var parts = await StoredInterviews.OpenAsync(settings, loggers, cancellation);
        var row = await StoredInterviews.FindAsync(parts, settings.Id, cancellation);
        return await StoredInterviews.ReadReportAsync(parts, row, cancellation);
    }

    private static async Task<byte[]> AskAsync(string server, ReportSettings settings, CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(ConnectedServer.AddressOf(server));
        try
        {
            var request = new GetReportRequest { InterviewId = settings.Id, AccessToken = settings.Token, Format = ReportFormat.Json };
            var response = await new InterviewService.InterviewServiceClient(channel).GetReportAsync(request, cancellationToken: cancellation);
            return response.Content.ToByteArray();
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(e.StatusCode is StatusCode.FailedPrecondition ? ExitCode.No : ExitCode.ServerRefused, $"{e.StatusCode}: {e.Status.Detail}", e);
        }
    }

    private void Print(InterviewReport report)
    {
        console.Out.MarkupLine($"[bold]{report.Plan.Title.EscapeMarkup()}[/], interview {report.Interview.Id}, {TimeSpan.FromMilliseconds(report.Interview.DurationMs):m\\:ss} min, policy {report.Policy.Profile}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Competency", "Rating (1-5)", "Confidence", "Questions");
        foreach (var competency in report.Competencies)
        {
            table.AddRow(
                competency.Name.EscapeMarkup(), competency.Rating is { } rating ? $"{rating:0.0}" : "[grey]not assessed[/]", $"{competency.Confidence:0.00}",
                $"{competency.AssessedQuestionCount} of {competency.QuestionCount}");
        }

        console.Out.Write(table);
        var overall = report.Overall.Rating is { } all ? $"{all:0.0}" : "not assessed";
        console.Out.MarkupLine($"Overall [bold]{overall}[/], confidence {report.Overall.Confidence:0.00}, {report.Overall.Coverage:P0} of the plan assessed. A person decides.");
        console.Out.MarkupLine($"Quotes and times: [green]mediascore report {report.Interview.Id} --html --output report.html[/]");
    }
}
