using System.Globalization;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>CPU time of a whole machine since it started.</summary>
/// <param name="BusySeconds">Of all its CPUs; what a hypervisor took is busy, too.</param>
/// <param name="CpuCount">Its CPUs, of which this process may be allowed fewer.</param>
internal readonly record struct MachineCpu(double BusySeconds, int CpuCount)
{
    // USER_HZ: what Linux tells programs, whatever its own clock.
    private const double TicksPerSecond = 100;

    // proc_stat(5): user nice system idle iowait irq softirq steal; guest time is in user already.
    private const int Idle = 3;
    private const int IoWait = 4;
    private const int Columns = 8;

    /// <returns>Null where the machine does not say (not Linux).</returns>
    public static MachineCpu? Read()
    {
        try
        {
            return File.Exists("/proc/stat") ? Parse(File.ReadAllText("/proc/stat")) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="stat">The text of <c>/proc/stat</c>.</param>
    public static MachineCpu? Parse(string stat)
    {
        double? busy = null;
        var count = 0;
        foreach (var line in stat.Split('\n'))
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal))
                break;
            if (!line.StartsWith("cpu ", StringComparison.Ordinal))
            {
                count++;
                continue;
            }

            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            var ticks = 0L;
            for (var i = 0; i < Math.Min(Columns, fields.Length); i++)
            {
                if (!long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                    return null;
                ticks += i is Idle or IoWait ? 0 : value;
            }

            busy = ticks / TicksPerSecond;
        }

        return busy is { } seconds && count > 0 ? new MachineCpu(seconds, count) : null;
    }
}
