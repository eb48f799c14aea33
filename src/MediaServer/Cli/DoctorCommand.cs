using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Diagnosis;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore doctor</c>: one row a fact of this machine, with what to do where it lacks something.</summary>
internal sealed class DoctorCommand(CliConsole console) : AsyncCommand<CommonSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, CommonSettings settings, CancellationToken cancellationToken)
    {
        var examination = new Examination(MediaScoreSettings.Build(settings), TimeProvider.System);
        var findings = new List<Finding>();
        await foreach (var finding in examination.RunAsync(cancellationToken))
        {
            findings.Add(finding);
            if (settings.Json)
                console.WriteJson(finding);
        }

        if (!settings.Json)
            Print(findings);
        return (int)(findings.Exists(f => f.Verdict == FindingVerdict.Fault) ? ExitCode.No : ExitCode.Done);
    }

    private void Print(List<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "What", "Found", "What to do");
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch
            {
                FindingVerdict.Good => "[green]ok[/]",
                FindingVerdict.Note => "[yellow]note[/]",
                _ => "[red]fault[/]",
            };
            table.AddRow(new Markup(mark), new Text(finding.Name), new Text(finding.Value), new Text(finding.Cure ?? ""));
        }

        console.Out.Write(table);
        var faults = findings.Count(f => f.Verdict == FindingVerdict.Fault);
        console.Out.MarkupLine(faults == 0 ? "[green]This machine can run interviews.[/]" : $"[red]{faults} fault(s) to mend before interviews can run.[/]");
    }
}
