using System.Diagnostics.Metrics;

namespace MediaScore.Inference;

/// <summary>All instruments of the pool (meter <c>MediaScore.Inference</c>). Tags: <c>model</c>, and <c>class</c> where it says so.</summary>
internal sealed class InferenceMeter : IDisposable
{
    public const string Name = "MediaScore.Inference";

    // A batch of 1 and one of 2 cost differently, 60 and 64 do not.
    internal static readonly int[] RowBounds = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

    // From a lone VAD window (50 us) to a queue that has broken down. The exporter's own bounds begin at 5 s.
    internal static readonly double[] SecondBounds = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    private static readonly InstrumentAdvice<int> Rows = new() { HistogramBucketBoundaries = RowBounds };
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = SecondBounds };

    private readonly Meter _meter;

    /// <param name="owner">The pool: what tells its instruments from another's of the same name.</param>
    /// <param name="depths">Rows waiting, a model.</param>
    /// <param name="slots">Recurrent slots open, a model.</param>
    /// <param name="oldest">Seconds that the longest waiting row has waited, a model.</param>
    /// <param name="deferredSeconds">CPU seconds for requests that could wait, a model.</param>
    public InferenceMeter(
        object owner,
        Func<IEnumerable<Measurement<int>>> depths,
        Func<IEnumerable<Measurement<int>>> slots,
        Func<IEnumerable<Measurement<double>>> oldest,
        Func<IEnumerable<Measurement<double>>> deferredSeconds)
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = owner });
        BatchSize = _meter.CreateHistogram<int>("mediascore.inference.batch.size", "{row}", "Rows of one run, padding not counted.", advice: Rows);
        QueueTime = _meter.CreateHistogram<double>("mediascore.inference.queue.time", "s", "From the request to the start of its run, by class.", advice: Seconds);
        ComputeTime = _meter.CreateHistogram<double>("mediascore.inference.compute.time", "s", "CPU time of one run.", advice: Seconds);
        Dropped = _meter.CreateCounter<long>("mediascore.inference.requests.dropped", "{request}", "Sampled requests refused by a full queue or dropped late.");
        Failed = _meter.CreateCounter<long>("mediascore.inference.requests.failed", "{request}", "Requests that a model could not answer.");
        Hung = _meter.CreateCounter<long>("mediascore.inference.runs.hung", "{run}", "Runs that did not end within Inference:RunLimitSeconds and were given up.");
        _meter.CreateObservableCounter(
            "mediascore.inference.compute.deferred", deferredSeconds, "s", "The part of the compute time that was for requests that can wait (the final pass).");
        _meter.CreateObservableUpDownCounter("mediascore.inference.queue.depth", depths, "{row}", "Rows waiting.");
        _meter.CreateObservableGauge("mediascore.inference.queue.oldest", oldest, "s", "How long the oldest row that waits has waited; 0 where none does.");
        _meter.CreateObservableUpDownCounter("mediascore.inference.slots.open", slots, "{slot}", "Recurrent slots open.");
    }

    public Histogram<int> BatchSize { get; }

    public Histogram<double> QueueTime { get; }

    public Histogram<double> ComputeTime { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Failed { get; }

    public Counter<long> Hung { get; }

    public void Dispose() => _meter.Dispose();
}
