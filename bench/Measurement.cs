namespace MediaScore.Benchmarks;

/// <param name="CpuMicroseconds">Of the whole process, a row.</param>
/// <param name="Bytes">Managed bytes allocated by the whole process, a row.</param>
internal readonly record struct Measured(double CpuMicroseconds, double Bytes);

internal static class Measurement
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(800);

    /// <summary>Runs it over and over for about so long, after a warm-up in which the runtime compiles its hot methods.</summary>
    /// <param name="rowCount">Rows of one run.</param>
    /// <param name="warm">Called between the warm-up and what is measured.</param>
    public static async Task<Measured> OfAsync(TimeSpan duration, int rowCount, Func<Task> run, Action? warm = null)
    {
        await RepeatAsync(WarmUp, run);
        warm?.Invoke();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var runs = await RepeatAsync(duration, run);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Measured(cpu.TotalMicroseconds / runs / rowCount, (double)bytes / runs / rowCount);
    }

    private static async Task<int> RepeatAsync(TimeSpan duration, Func<Task> run)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var runs = 0;
        do
        {
            await run();
            runs++;
        }
        while (TimeProvider.System.GetElapsedTime(begun) < duration);
        return runs;
    }
}
