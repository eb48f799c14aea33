using System.Globalization;

namespace MediaScore.Load.Server;

/// <summary>The CPUs that this process may run on since the machine's start, in seconds of all of them together: <c>/proc/stat</c>.</summary>
/// <param name="Busy">Neither idle nor waiting for a disk; without <paramref name="Steal"/>.</param>
/// <param name="Steal">Taken by the hypervisor for others.</param>
/// <param name="All">Everything together.</param>
internal sealed record MachineReading(double Busy, double Steal, double All)
{
    private const double TicksPerSecond = 100;

    private static readonly Lazy<IReadOnlyList<int>> Allowed = new(AllowedCpus.OfThisProcess);

    public static MachineReading Read() => Of(File.ReadLines("/proc/stat"), Allowed.Value);

    /// <param name="lines">A CPU each, in the format of proc(5), among others.</param>
    /// <param name="cpus">Those that count: what runs on the others takes nothing from what is measured.</param>
    public static MachineReading Of(IEnumerable<string> lines, IReadOnlyList<int> cpus)
    {
        var ticks = new long[8];
        foreach (var line in lines)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [['c', 'p', 'u', .. { Length: > 0 } number], .. var counts]
                || !cpus.Contains(int.Parse(number, CultureInfo.InvariantCulture)))
            {
                continue;
            }

            // user nice system idle iowait irq softirq steal; guest times are in user's already.
            for (var i = 0; i < ticks.Length; i++)
                ticks[i] += long.Parse(counts[i], CultureInfo.InvariantCulture);
        }

        var all = ticks.Sum();
        return new MachineReading((all - ticks[3] - ticks[4] - ticks[7]) / TicksPerSecond, ticks[7] / TicksPerSecond, all / TicksPerSecond);
    }
}
