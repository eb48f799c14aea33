using System.Globalization;

namespace MediaScore.ReceivePath;

/// <summary>CPU time of this process's threads by name, from the scheduler (Linux): nanoseconds, where the usual counters have steps of 10 ms.</summary>
internal static class ThreadCpu
{
    /// <summary>Of the thread that asks.</summary>
    public static TimeSpan ReadOwn() => Parse(File.ReadAllText("/proc/thread-self/schedstat"));

    /// <summary>Sum over the threads of this name; .NET gives threads' names to the system, cut to 15 characters.</summary>
    public static TimeSpan Read(string name)
    {
        var sum = TimeSpan.Zero;
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == name)
                    sum += Parse(File.ReadAllText(Path.Combine(task, "schedstat")));
            }
            catch (IOException)
            {
                // The thread ended meanwhile.
            }
        }

        return sum;
    }

    // Nanoseconds on a processor, nanoseconds of waiting for one, number of turns.
    private static TimeSpan Parse(string schedstat) => TimeSpan.FromTicks(long.Parse(schedstat.Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
