using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Sessions;

/// <summary>The one place that refuses interviews. It looks at the whole process, never at a single interview, and touches none that runs.</summary>
/// <param name="interviewCount">Interviews that run or are about to.</param>
/// <param name="poolLoad">0 to 1.</param>
/// <param name="freeDiskMiB">Of the data folder's disk.</param>
internal sealed class AdmissionController(AdmissionOptions options, Func<int> interviewCount, Func<double> poolLoad, Func<long> freeDiskMiB)
{
    public AdmissionDecision Decide()
    {
        var retryAfter = TimeSpan.FromSeconds(options.RetryAfterSeconds);
        if (DiskFault() is { } disk)
            return new AdmissionDecision(RefusalReason.DiskLow, disk, retryAfter);
        if (interviewCount() is var count && count >= options.MaxInterviews)
            return new AdmissionDecision(RefusalReason.TooManyInterviews, $"{count} interviews are running; the limit is {options.MaxInterviews} (Admission:MaxInterviews).", retryAfter);
        if (LoadFault() is { } load)
            return new AdmissionDecision(RefusalReason.PoolSaturated, load, retryAfter);
        return default;
    }

    /// <summary>What makes this node refuse for reasons of its own; empty while it is ready.</summary>
    public IReadOnlyList<string> Faults() => [.. new[] { DiskFault(), LoadFault() }.OfType<string>()];

    private string? DiskFault() => freeDiskMiB() is var free && free < options.MinFreeDiskMiB
        ? $"{free} MiB are free on the data folder's disk; {options.MinFreeDiskMiB} are needed (Admission:MinFreeDiskMiB)."
        : null;

    private string? LoadFault() => poolLoad() is var load && load > options.MaxPoolLoad
        ? $"The inference pool's load is {load:0.00}; new interviews are refused above {options.MaxPoolLoad:0.00} (Admission:MaxPoolLoad)."
        : null;
}
