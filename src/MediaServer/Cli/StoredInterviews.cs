using MediaScore.Assessment.Plans;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;
using MediaScore.Recording;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Cli;

/// <summary>A data folder as commands that only read see it. Whoever may read the folder and its keys may read its interviews.</summary>
internal static class StoredInterviews
{
    /// <exception cref="CliException">There is no data folder.</exception>
    public static async Task<ServerParts> OpenAsync(CommonSettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var configuration = MediaScoreSettings.Build(settings);
        var folder = MediaScoreHome.Resolve(MediaScoreSettings.Get<ServerOptions>(configuration, ServerOptions.Section).DataFolder);
        // Reading makes no folder where somebody mistyped one.
        if (!File.Exists(Path.Combine(folder, "mediascore.db")))
            throw new CliException(ExitCode.BadInput, $"There are no interviews at {folder}; name their folder with --data.");
        return await ServerParts.OpenAsync(configuration, TimeProvider.System, loggers, cancellation);
    }

    /// <exception cref="CliException">There is no such interview.</exception>
    public static async Task<InterviewRow> FindAsync(ServerParts parts, string id, CancellationToken cancellation) =>
        (InterviewFolder.IsValidId(id) ? await parts.Store.FindAsync(id, cancellation) : null)
            ?? throw new CliException(ExitCode.BadInput, $"There is no interview '{id}' at {parts.DataFolder}.");

    /// <summary>The plan as it was at the interview's creation.</summary>
    public static async Task<StoredPlan> ReadPlanAsync(ServerParts parts, string id, CancellationToken cancellation)
    {
        var path = parts.Reports.Folder(id).PlanPath;
        var yaml = await File.ReadAllBytesAsync(path, cancellation);
        var result = PlanParser.Parse(yaml);
        return result.IsValid ? new StoredPlan(result.Plan, yaml) : throw new CliException(ExitCode.Environment, $"{path} is damaged: {string.Join("; ", result.Errors)}");
    }

    /// <exception cref="CliException">There is no report; the message says why.</exception>
    public static async Task<byte[]> ReadReportAsync(ServerParts parts, InterviewRow row, CancellationToken cancellation)
    {
        if (row.State is not InterviewState.ReportReady)
        {
            throw new CliException(
                ExitCode.No,
                row.State is InterviewState.Failed ? $"Interview {row.Id} has no report: {row.FailureReason}" : $"Interview {row.Id} has no report yet: it is {row.State}. A running server finishes it.");
        }

        return await parts.Reports.TryReadAsync(row.Id, cancellation) ?? throw new CliException(ExitCode.No, $"Interview {row.Id} was erased: its key is gone.");
    }
}
