using System.Globalization;
using System.Runtime.InteropServices;

namespace MediaScore.Load.Clients;

/// <summary>
/// Candidates' machines do not wait for the server's processor; senders that share it would. The threads that send go before others where the system allows it (root, or
/// CAP_SYS_NICE); where it does not, the driver's own lag tells. Linux keeps the priority for each thread and gives it to all threads and processes that one starts, so what is
/// started from a raised one must be set back: <see cref="Lower"/> on it, <see cref="LowerOthers"/> for workers of the shared pool, which nobody can ask to do it themselves.
/// </summary>
internal static class PunctualThread
{
    // Before all that a user runs, behind what the system itself needs.
    private const int Nice = -10;

    // Linux: PRIO_PROCESS with 0 means the calling thread.
    private const int CallingThread = 0;
    private const int OneThread = 0;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> RaisedThreads = [];
    private static int _raised;

    // The main thread is never raised. What the whole program was started with is what its server shall have.
    private static readonly Lazy<int> OwnNice = new(static () => OperatingSystem.IsLinux() ? NiceOf(Environment.ProcessId) ?? 0 : 0);

    /// <summary>Whether a thread was raised.</summary>
    public static bool Raised => Volatile.Read(ref _raised) != 0;

    /// <returns>False where the system does not allow it.</returns>
    public static bool TryRaise()
    {
        if (!OperatingSystem.IsLinux() || SetPriority(OneThread, CallingThread, Nice) != 0)
            return false;
        lock (Gate)
            RaisedThreads.Add(ThreadId());
        Volatile.Write(ref _raised, 1);
        return true;
    }

    /// <summary>The calling thread has the priority that the program was started with.</summary>
    public static void Lower()
    {
        // A lower priority is never refused.
        if (Raised)
            _ = SetPriority(OneThread, CallingThread, OwnNice.Value);
    }

    /// <summary>All threads of this process but those that were raised on purpose.</summary>
    public static void LowerOthers()
    {
        if (!Raised)
            return;
        foreach (var folder in Directory.EnumerateDirectories("/proc/self/task"))
        {
            var id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            lock (Gate)
            {
                if (!RaisedThreads.Contains(id) && NiceOf(id) == Nice)
                    _ = SetPriority(OneThread, id, OwnNice.Value);
            }
        }
    }

    /// <summary>A thread that was raised ends: the kernel gives its number to another one.</summary>
    public static void Ended()
    {
        if (!OperatingSystem.IsLinux())
            return;
        lock (Gate)
            RaisedThreads.Remove(ThreadId());
    }

    /// <summary>The calling thread's.</summary>
    public static int? NiceHere() => OperatingSystem.IsLinux() ? NiceOf(ThreadId()) : null;

    private static int? NiceOf(int thread)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/stat"));
            // Field 19 of proc(5); the first behind the name is field 3.
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);

    [DllImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ThreadId();
}
