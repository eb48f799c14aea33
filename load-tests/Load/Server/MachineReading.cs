using System.Globalization;

namespace MediaScore.Load.Server;

/// <summary>All CPUs of the machine since its start, in seconds: <c>/proc/stat</c>.</summary>
/// <param name="Busy">Neither idle nor waiting for a disk; without <paramref name="Steal"/>.</param>
/// <param name="Steal">Taken by the hypervisor for others.</param>
/// <param name="All">Everything together.</param>
internal sealed record MachineReading(double Busy, double Steal, double All)
{
    private const double TicksPerSecond = 100;

    public static MachineReading Read()
    {
        using var reader = File.OpenText("/proc/stat");
        var ticks = reader.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        // user nice system idle iowait irq softirq steal; guest times are in user's already.
        var all = ticks.Take(8).Sum();
        return new MachineReading((all - ticks[3] - ticks[4] - ticks[7]) / TicksPerSecond, ticks[7] / TicksPerSecond, all / TicksPerSecond);
    }
}
