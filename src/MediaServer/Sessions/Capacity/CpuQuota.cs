using System.Globalization;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>How much CPU this process may use: the runtime's count is whole CPUs, and a container's quota may be less (cgroups of Linux).</summary>
internal static class CpuQuota
{
    /// <param name="cores">CPUs that the process may run on.</param>
    /// <param name="membership">The text of <c>/proc/self/cgroup</c>.</param>
    /// <param name="root">Where the cgroups are, <c>/sys/fs/cgroup</c>.</param>
    public static double Limit(double cores, string membership, string root)
    {
        // Version 2: "0::/path", and every folder up to the root may limit ("max 100000", or "150000 100000").
        foreach (var line in membership.Split('\n'))
        {
            if (!line.StartsWith("0::/", StringComparison.Ordinal))
                continue;
            for (var path = line[4..]; ; path = path.LastIndexOf('/') is > 0 and var cut ? path[..cut] : "")
            {
                if (TryRead(Path.Combine(root, path, "cpu.max")) is { } text && text.Split(' ') is [var quota, var period])
                    cores = Math.Min(cores, Ratio(quota, period) ?? cores);
                if (path.Length == 0)
                    break;
            }
        }

        // Version 1, as a container sees its own: two files; -1 is no limit.
        if (TryRead(Path.Combine(root, "cpu", "cpu.cfs_quota_us")) is { } quota1 && TryRead(Path.Combine(root, "cpu", "cpu.cfs_period_us")) is { } period1)
            cores = Math.Min(cores, Ratio(quota1, period1) ?? cores);
        return cores;
    }

    /// <summary>Of this process.</summary>
    public static double Read() => Limit(Environment.ProcessorCount, TryRead("/proc/self/cgroup") ?? "", "/sys/fs/cgroup");

    private static double? Ratio(string quota, string period) =>
        long.TryParse(quota, CultureInfo.InvariantCulture, out var q) && long.TryParse(period, CultureInfo.InvariantCulture, out var p) && q > 0 && p > 0 ? q / (double)p : null;

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).TrimEnd() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
