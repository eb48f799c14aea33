using MediaScore.Assessment.Reports;
using MediaScore.MediaServer.Sessions;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore replay</c>: the report made again from the timeline, without any model, must have the bytes of the one that was stored.</summary>
internal sealed class ReplayCommand(CliConsole console) : AsyncCommand<StoredInterviewSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, StoredInterviewSettings settings, CancellationToken cancellationToken)
    {
        using var loggers = CliLogging.ForCommand();
        using var parts = await StoredInterviews.OpenAsync(settings, loggers, cancellationToken);
        var row = await StoredInterviews.FindAsync(parts, settings.Id, cancellationToken);
        var stored = await StoredInterviews.ReadReportAsync(parts, row, cancellationToken);
        var plan = await StoredInterviews.ReadPlanAsync(parts, settings.Id, cancellationToken);
        var timeline = parts.Reports.ReadTimeline(settings.Id) ?? throw new CliException(ExitCode.No, $"Interview {settings.Id} was erased: its key is gone.");
        var rebuilt = ReportJson.Write(InterviewReports.Build(row, plan, [.. timeline.Entries.Select(e => e.Observation)]));

        var same = stored.AsSpan().SequenceEqual(rebuilt);
        var differences = same ? [] : ReportComparer.Compare(stored, rebuilt);
        if (settings.Json)
        {
            console.WriteJson(new { interview = settings.Id, observations = timeline.Entries.Count, sameBytes = same, bytes = rebuilt.Length, differences });
        }
        else if (same)
        {
            console.Out.MarkupLine($"[green]Same bytes[/]: {rebuilt.Length} bytes from {timeline.Entries.Count} observations, no model run.");
        }
        else if (differences.Count == 0)
        {
            console.Out.MarkupLine("[green]Same report[/]: only fields that the schema lists as volatile differ.");
        }
        else
        {
            console.Out.MarkupLine($"[red]{differences.Count} differences[/] between the stored report and the one from {timeline.Entries.Count} observations:");
            foreach (var difference in differences)
                console.WriteLine($"  {difference.Pointer}: stored {difference.Left ?? "(absent)"}, rebuilt {difference.Right ?? "(absent)"}");
        }

        return (int)(differences.Count == 0 ? ExitCode.Done : ExitCode.No);
    }
}
