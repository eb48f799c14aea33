using System.Globalization;
using MediaScore.Load.Report;
using MediaScore.Load.Results;

namespace MediaScore.Load.Sweeps;

/// <summary>Runs one load.</summary>
/// <param name="repeat">1 for the first of several equal runs.</param>
/// <param name="folder">For its files.</param>
internal delegate Task<LoadRow> RunLoad(int interviews, int repeat, string folder, CancellationToken cancellation);

/// <summary>Several rows, one after the other, each with a server of its own. After each the overview is written again, so an interrupted sweep leaves what it has.</summary>
/// <param name="output">Folder of the overview; each row gets one in it.</param>
/// <param name="progress">For people.</param>
internal sealed class Sweep(string output, RunLoad run, TextWriter progress)
{
    private readonly List<(string Folder, LoadRow Row)> _rows = [];

    public IReadOnlyList<LoadRow> Rows => [.. _rows.Select(r => r.Row)];

    /// <summary>Loads that gave no row, with the reason.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Every load, <paramref name="repeats"/> times each. A load that fails is noted and the next one runs: what breaks at 150 is no reason to lose 25.</summary>
    public async Task RunAsync(IReadOnlyList<int> loads, int repeats, CancellationToken cancellation)
    {
        foreach (var interviews in loads)
        {
            for (var repeat = 1; repeat <= repeats; repeat++)
                await RunOneAsync(interviews, repeat, cancellation);
        }
    }

    /// <returns>Null where it gave no row.</returns>
    public async Task<LoadRow?> RunOneAsync(int interviews, int repeat, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{interviews:000}{(repeat > 1 ? $"-{repeat}" : string.Empty)}");
        try
        {
            var row = await run(interviews, repeat, Path.Combine(output, name), cancellation);
            _rows.Add((name, row));
            await progress.WriteLineAsync($"{Show.Title(row.Driver)}: {(row.Misses.Count == 0 ? "carried" : string.Join("; ", row.Misses))}; {Path.Combine(output, name, ReportPage.FileName)}");
            await WriteOverviewAsync(cancellation);
            return row;
        }
        catch (Exception e) when (RunFault.Is(e) && !cancellation.IsCancellationRequested)
        {
            Faults.Add($"{name}: {e.Message}");
            await progress.WriteLineAsync($"{interviews} interviews gave no row: {e.Message}");
            return null;
        }
    }

    private async Task WriteOverviewAsync(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(output, OverviewPage.FileName), OverviewPage.Write(_rows), cancellation);
        await File.WriteAllTextAsync(Path.Combine(output, MarkdownTable.FileName), MarkdownTable.Write(Rows), cancellation);
    }
}
