using System.Runtime;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>CPU time since some start, in seconds.</summary>
/// <param name="ProcessSeconds">Of this process, all threads.</param>
/// <param name="CompilerSeconds">The runtime's compiler in it. Elapsed time, so a little more than it took where the machine is full.</param>
/// <param name="MachineSeconds">Of all CPUs of the machine; null where it does not say.</param>
internal readonly record struct CpuClocks(double ProcessSeconds, double CompilerSeconds, double? MachineSeconds)
{
    public static CpuClocks Read() =>
        new(Environment.CpuUsage.TotalTime.TotalSeconds, JitInfo.GetCompilationTime(currentThread: false).TotalSeconds, MachineCpu.Read()?.BusySeconds);
}
