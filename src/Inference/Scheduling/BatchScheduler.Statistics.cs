using System.Diagnostics.Metrics;

namespace MediaScore.Inference;

/// <content>What the pool says about itself.</content>
internal sealed partial class BatchScheduler
{
    public PoolStatistics Snapshot()
    {
        lock (_gate)
        {
            var now = _clock.Now;
            return new PoolStatistics(
                _workerCount,
                [
                    .. _queues.Select(queue => queue.Counters.ToStatistics(queue.Depth, queue.Slots.Count, OldestWaitSeconds(queue, now), OldestWaitSeconds(queue, now, RequestClass.Live))),
                    .. _continuousCounters.Values.Select(counters => counters.ToStatistics(WaitingCountOf(counters), openSlots: 0)),
                ]);
        }
    }

    private IEnumerable<Measurement<double>> MeasureDeferred()
    {
        lock (_gate)
        {
            return
            [
                .. _queues.Select(queue => queue.Counters).Concat(_continuousCounters.Values)
                    .Select(counters => new Measurement<double>(counters.DeferredComputeSeconds, counters.Tag)),
            ];
        }
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<ModelQueue, T> value)
        where T : struct
    {
        lock (_gate)
            return [.. _queues.Select(queue => new Measurement<T>(value(queue), queue.Counters.Tag))];
    }

    private IEnumerable<Measurement<int>> MeasureDepths()
    {
        lock (_gate)
        {
            return
            [
                .. _queues.Select(queue => new Measurement<int>(queue.Depth, queue.Counters.Tag)),
                .. _continuous.Select(continuous => new Measurement<int>(continuous.Batch.WaitingCount, continuous.Counters.Tag)),
            ];
        }
    }

    private double OldestWaitSeconds(ModelQueue queue, long now, RequestClass? only = null) => queue.OldestEnqueuedAt(only) is { } since ? _clock.ToSeconds(now - since) : 0;

    private int WaitingCountOf(ModelCounters counters) => _continuous.Where(continuous => continuous.Counters == counters).Sum(continuous => continuous.Batch.WaitingCount);
}
