using System.Globalization;

namespace MediaScore.ReceivePath;

/// <summary>CPU time of this process's threads by name, from the scheduler (Linux): nanoseconds, where the usual counters have steps of 10 ms.</summary>
internal static class ThreadCpu
{
    /// <summary>Sum over the threads of this name; .NET gives threads' names to the system, cut to 15 characters.</summary>
    public static TimeSpan Read(string name)
    {
        var nanoseconds = 0L;
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == name)
                    nanoseconds += long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // The thread ended meanwhile.
            }
        }

        return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }
}
