using MediaScore.Load.Report;
using MediaScore.Load.Results;
using MediaScore.Load.Server;

namespace MediaScore.Load.Sweeps;

/// <summary>Drives one load against a server that runs.</summary>
/// <param name="window">Told when the measured window begins and ends (after the warm-up; before the interviews are ended).</param>
/// <param name="folder">For raw logs.</param>
internal delegate Task<DriverResult> Drive(ServerProcess server, UsageSampler window, string folder, CancellationToken cancellation);

/// <param name="Command">The command that gives this row again.</param>
/// <param name="Folder">Where its files go; made here.</param>
/// <param name="Settings">Of the server, "Section:Name" to value.</param>
/// <param name="Variables">Of the server's process.</param>
internal sealed record RowRequest(string Command, int Repeat, string Folder, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Variables);

/// <summary>One row of the table: a fresh server, a load, and its files (<c>row.json</c>, <c>report.html</c>, <c>server.log</c>, raw logs).</summary>
internal sealed class RowRun(TimeProvider time)
{
    /// <exception cref="ServerStartException">The server did not come up.</exception>
    /// <exception cref="InvalidOperationException">The server ended under the load.</exception>
    public async Task<LoadRow> RunAsync(RowRequest request, Drive drive, CancellationToken cancellation)
    {
        Directory.CreateDirectory(request.Folder);
        var started = time.GetUtcNow();
        await using var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = request.Folder, Settings = request.Settings, Environment = request.Variables }, time, cancellation);
        await using var window = new UsageSampler(server, time);
        // Before the load: it starts programs of its own.
        var environment = await EnvironmentProbe.DescribeAsync(server, cancellation);
        var driver = await DriveAsync(server, window, request.Folder, drive, cancellation);
        var row = new LoadRow(started, request.Command, request.Repeat, driver, window.Summarize(driver.InterviewSeconds), environment);
        await LoadJson.WriteAsync(row, request.Folder, cancellation);
        await File.WriteAllTextAsync(Path.Combine(request.Folder, ReportPage.FileName), ReportPage.Write(row), cancellation);
        return row;
    }

    private static async Task<DriverResult> DriveAsync(ServerProcess server, UsageSampler window, string folder, Drive drive, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var driving = drive(server, window, folder, stop.Token);
        if (await Task.WhenAny(driving, server.Ended) == driving)
            return await driving;
        // Every client would go on to its own time limit otherwise.
        await stop.CancelAsync();
        await ((Task)driving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new InvalidOperationException($"The server ended under the load. The end of {Path.Combine(folder, "server.log")} says why.");
    }
}
