using System.Runtime.InteropServices;

namespace MediaScore.Load.Clients;

/// <summary>
/// Candidates' machines do not wait for the server's processor; senders that share it would. The threads that send go before others where the system allows it (root, or
/// CAP_SYS_NICE); where it does not, the driver's own lag tells.
/// </summary>
internal static class PunctualThread
{
    // Before all that a user runs, behind what the system itself needs.
    private const int Nice = -10;

    // Linux: PRIO_PROCESS with 0 means the calling thread.
    private const int CallingThread = 0;
    private const int OneThread = 0;

    private static int _raised;

    /// <summary>Whether a thread was raised.</summary>
    public static bool Raised => Volatile.Read(ref _raised) != 0;

    /// <returns>False where the system does not allow it.</returns>
    public static bool TryRaise()
    {
        if (!OperatingSystem.IsLinux() || SetPriority(OneThread, CallingThread, Nice) != 0)
            return false;
        Volatile.Write(ref _raised, 1);
        return true;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
