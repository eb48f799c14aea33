using MediaScore.Inference;
using MediaScore.Recording;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>Takes readings of this process. Not thread-safe.</summary>
/// <param name="clocks">CPU time of this process and of its machine.</param>
/// <param name="finalPasses">CPU time outside the pool for work that can wait.</param>
/// <param name="connected">Interviews whose media can come now.</param>
internal sealed class LoadProbe(
    Func<CpuClocks> clocks, Func<PoolStatistics> pool, Func<TimeSpan> finalPasses, Func<GroupCommitStatistics> flushes, Func<ConnectedInterviews> connected, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private LoadReading _last;
    private CpuClocks? _lastClocks;

    public LoadReading Read()
    {
        var at = time.GetElapsedTime(_began);
        var statistics = pool();
        var committed = flushes();
        var cpu = clocks();
        var interviews = connected();
        var deferred = statistics.Models.Sum(m => m.DeferredComputeSeconds);
        // The machine counts in hundredths of a second and this process finer: a moment's difference may be below nothing.
        var others = _lastClocks is { } last ? (cpu.MachineSeconds - last.MachineSeconds - (cpu.ProcessSeconds - last.ProcessSeconds)) ?? 0 : 0;
        _lastClocks = cpu;
        return _last = new LoadReading
        {
            At = at,
            SettledSeconds = _last.SettledSeconds + (interviews.Settled * (at - _last.At).TotalSeconds),
            NewSeconds = _last.NewSeconds + (interviews.New * (at - _last.At).TotalSeconds),
            // What is compiled is compiled once: a server that had just started took its own first interviews for a fifth dearer than they are, and turned others away.
            CpuSeconds = cpu.ProcessSeconds - deferred - finalPasses().TotalSeconds - cpu.CompilerSeconds,
            OthersCpuSeconds = _last.OthersCpuSeconds + Math.Max(0, others),
            PoolSeconds = statistics.Models.Sum(m => m.ComputeSeconds) - deferred,
            LiveRows = statistics.Models.Sum(m => m.LiveRows),
            LiveWaitSeconds = statistics.Models.Sum(m => m.LiveQueueSeconds),
            LiveOldestWaitSeconds = statistics.Models.Select(m => m.OldestLiveWaitSeconds).DefaultIfEmpty().Max(),
            SampledRows = statistics.Models.Sum(m => m.SampledRequests),
            SampledDropped = statistics.Models.Sum(m => m.Dropped),
            FlushRounds = committed.RoundCount,
            FlushRoundSeconds = committed.RoundTime.TotalSeconds,
            FlushRoundAgeSeconds = committed.RoundAge.TotalSeconds,
        };
    }
}
