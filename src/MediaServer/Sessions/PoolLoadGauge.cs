using MediaScore.Inference;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// How busy the inference workers were over the last ten seconds: CPU seconds inside models divided by the workers' time. What can wait is left out: a backlog of finished
/// interviews keeps nobody out. Thread-safe.
/// </summary>
internal sealed class PoolLoadGauge(Func<PoolStatistics> snapshot, TimeProvider time)
{
    // Long enough that one utterance does not refuse an interview, short enough that a wave of them does.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // Readings nearer together than this measure the clock, not the load.
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long Timestamp, double ComputeSeconds)> _readings = new();
    private double _load;

    /// <summary>0 (idle) to 1 (saturated); 0 until a second has passed.</summary>
    public double Read()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_readings.Count > 0 && time.GetElapsedTime(_readings.Last().Timestamp, now) < Spacing)
                return _load;
            var statistics = snapshot();
            var compute = statistics.Models.Sum(m => m.ComputeSeconds - m.DeferredComputeSeconds);
            _readings.Enqueue((now, compute));
            while (_readings.Count > 2 && time.GetElapsedTime(_readings.Peek().Timestamp, now) > Window)
                _readings.Dequeue();
            var (oldest, computeThen) = _readings.Peek();
            var elapsed = time.GetElapsedTime(oldest, now).TotalSeconds * statistics.WorkerCount;
            return _load = elapsed > 0 ? Math.Clamp((compute - computeThen) / elapsed, 0, 1) : 0;
        }
    }
}
