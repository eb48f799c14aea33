using System.Runtime;
using MediaScore.Inference;
using MediaScore.Recording;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>Takes readings of this process. Not thread-safe.</summary>
/// <param name="finalPasses">CPU time outside the pool for work that can wait.</param>
/// <param name="flushThreads">Of the committer: a round takes as long as its flushes together, divided by them.</param>
/// <param name="connected">Interviews whose media can come now.</param>
internal sealed class LoadProbe(
    Func<PoolStatistics> pool, Func<TimeSpan> finalPasses, Func<GroupCommitStatistics> flushes, int flushThreads, Func<ConnectedInterviews> connected, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private LoadReading _last;
    private double _machineBusy;
    private double _processCpu;

    public LoadReading Read()
    {
        var at = time.GetElapsedTime(_began);
        var statistics = pool();
        var committed = flushes();
        var cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        var interviews = connected();
        var machine = MachineCpu.Read()?.BusySeconds ?? _machineBusy;
        var deferred = statistics.Models.Sum(m => m.DeferredComputeSeconds);
        // The machine counts in hundredths of a second and this process finer: a moment's difference may be below nothing.
        var others = _processCpu == 0 ? 0 : machine - _machineBusy - (cpu - _processCpu);
        (_machineBusy, _processCpu) = (machine, cpu);
        return _last = new LoadReading
        {
            At = at,
            SettledSeconds = _last.SettledSeconds + (interviews.Settled * (at - _last.At).TotalSeconds),
            NewSeconds = _last.NewSeconds + (interviews.New * (at - _last.At).TotalSeconds),
            // What is compiled is compiled once: a server that had just started took its own first interviews for a fifth dearer than they are, and turned others away.
            CpuSeconds = cpu - deferred - finalPasses().TotalSeconds - JitInfo.GetCompilationTime(currentThread: false).TotalSeconds,
            OthersCpuSeconds = _last.OthersCpuSeconds + Math.Max(0, others),
            PoolSeconds = statistics.Models.Sum(m => m.ComputeSeconds) - deferred,
            LiveRows = statistics.Models.Sum(m => m.LiveRows),
            LiveWaitSeconds = statistics.Models.Sum(m => m.LiveQueueSeconds),
            SampledRows = statistics.Models.Sum(m => m.SampledRequests),
            SampledDropped = statistics.Models.Sum(m => m.Dropped),
            FlushRounds = committed.RoundCount,
            FlushRoundSeconds = committed.FlushTime.TotalSeconds / flushThreads,
        };
    }
}
