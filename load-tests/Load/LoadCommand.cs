using System.Globalization;
using MediaScore.Load.Report;
using MediaScore.Load.Results;
using MediaScore.Load.Sweeps;
using MediaScore.TestMedia;

namespace MediaScore.Load;

/// <summary>What the command line asks for: one row, several, the knee, or a table of earlier ones.</summary>
/// <param name="output">Rows: text for people, or with <c>--json</c> one object a line.</param>
/// <param name="progress">Everything else.</param>
internal sealed class LoadCommand(TextWriter output, TextWriter progress, TimeProvider time)
{
    /// <returns>The exit status: 1 where a run gave no row.</returns>
    /// <exception cref="FormatException">The words were not understood.</exception>
    /// <exception cref="InvalidOperationException">A single run could not be made.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (words.Contains("--help", StringComparer.Ordinal))
        {
            await output.WriteLineAsync(LoadOptions.Usage + "\n" + SweepOptions.Usage);
            return 0;
        }

        var (sweep, others) = SweepOptions.Parse(words);
        if (sweep.Tables.Count > 0)
        {
            await output.WriteAsync(await TableCommand.RunAsync(sweep.Tables, cancellation));
            return 0;
        }

        var options = LoadOptions.Parse(others);
        // A number too large for the time limit is refused before the first hour, not after it.
        foreach (var load in sweep.Loads)
            LoadOptions.Parse([.. others, "--interviews", load.ToString(CultureInfo.InvariantCulture)]);
        var folder = options.Output ?? Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "load", time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        return sweep.IsSweep ? await RunSweepAsync(sweep, options, folder, cancellation) : await RunOneAsync(options, folder, cancellation);
    }

    private async Task<int> RunOneAsync(LoadOptions options, string folder, CancellationToken cancellation)
    {
        await RunRowAsync(options, repeat: 1, folder, cancellation);
        await progress.WriteLineAsync($"Report: {Path.Combine(folder, ReportPage.FileName)}");
        return 0;
    }

    private async Task<int> RunSweepAsync(SweepOptions asked, LoadOptions options, string folder, CancellationToken cancellation)
    {
        var sweep = new Sweep(folder, (interviews, repeat, row, token) => RunRowAsync(options with { Interviews = interviews }, repeat, row, token), progress);
        if (asked.FindKnee)
        {
            var runs = new Dictionary<int, int>();
            var knee = await Knee.FindAsync(options.Interviews, LoadOptions.MostInterviews, async interviews =>
            {
                runs[interviews] = runs.GetValueOrDefault(interviews) + 1;
                return await sweep.RunOneAsync(interviews, runs[interviews], cancellation) is { Misses.Count: 0 };
            });
            await progress.WriteLineAsync(Knee.Sentence(knee, LoadOptions.MostInterviews));
        }
        else
        {
            await sweep.RunAsync(asked.Loads.Count > 0 ? asked.Loads : [options.Interviews], asked.Repeats, cancellation);
        }

        foreach (var fault in sweep.Faults)
            await progress.WriteLineAsync($"No row: {fault}");
        if (sweep.Rows.Count > 0)
            await progress.WriteLineAsync($"Overview: {Path.Combine(folder, OverviewPage.FileName)}, as Markdown: {Path.Combine(folder, MarkdownTable.FileName)}");
        // Of the knee, loads that break the server are what is looked for.
        return sweep.Faults.Count > 0 && !asked.FindKnee ? 1 : 0;
    }

    private async Task<LoadRow> RunRowAsync(LoadOptions options, int repeat, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var row = await LoadRun.RunAsync(options, folder, repeat, progress, time, cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, ReportPage.FileName), ReportPage.Write(row), cancellation);
        await output.WriteLineAsync(options.Json ? LoadJson.Line(row) : RowText.Write(row));
        return row;
    }
}
