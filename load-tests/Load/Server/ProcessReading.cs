using System.Globalization;

namespace MediaScore.Load.Server;

/// <summary>What <c>/proc</c> says of one process at one moment.</summary>
/// <param name="CpuSeconds">User and system time of all threads, those that have ended included.</param>
/// <param name="Threads">CPU seconds by thread id and name (at most 15 bytes, as the kernel keeps it).</param>
internal sealed record ProcessReading(double CpuSeconds, IReadOnlyDictionary<(int Id, string Name), double> Threads, double ResidentMiB, int ThreadCount, int HandleCount)
{
    /// <summary>Of the main thread, which those that it starts have too.</summary>
    public int Nice { get; init; }

    // USER_HZ: fixed in the kernel's interface on every machine that .NET runs on, whatever the kernel's own tick.
    private const double TicksPerSecond = 100;

    /// <exception cref="IOException">The process has gone.</exception>
    public static ProcessReading Read(int processId)
    {
        var folder = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}";
        var stat = Fields(File.ReadAllText(folder + "/stat"));
        var pages = long.Parse(File.ReadAllText(folder + "/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return new ProcessReading(
            Cpu(stat),
            ReadThreads(folder),
            pages * (double)Environment.SystemPageSize / (1 << 20),
            int.Parse(stat[17], CultureInfo.InvariantCulture),
            Directory.EnumerateFileSystemEntries(folder + "/fd").Count())
        {
            Nice = int.Parse(stat[16], CultureInfo.InvariantCulture),
        };
    }

    private static Dictionary<(int Id, string Name), double> ReadThreads(string folder)
    {
        var threads = new Dictionary<(int, string), double>();
        foreach (var thread in Directory.EnumerateDirectories(folder + "/task"))
        {
            try
            {
                var text = File.ReadAllText(thread + "/stat");
                var name = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.LastIndexOf(')')];
                threads[(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), name)] = NanosecondsOf(thread) ?? Cpu(Fields(text));
            }
            catch (IOException)
            {
                // It ended between the listing and the reading; its time is in the process's.
            }
        }

        return threads;
    }

    /// <summary>Exact where the kernel keeps it; the other account counts whole ticks of 10 ms.</summary>
    private static double? NanosecondsOf(string thread)
    {
        var path = thread + "/schedstat";
        return File.Exists(path) && long.TryParse(File.ReadAllText(path).Split(' ')[0], CultureInfo.InvariantCulture, out var nanoseconds) ? nanoseconds / 1e9 : null;
    }

    /// <summary>Fields behind the name, which may hold spaces; the first is field 3 of proc(5).</summary>
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    private static double Cpu(string[] fields) => (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
}
