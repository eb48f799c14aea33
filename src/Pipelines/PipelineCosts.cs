using System.Diagnostics.Metrics;

namespace MediaScore.Pipelines;

/// <summary>What a pipeline spends time on outside the inference pool, which keeps its own account.</summary>
public enum PipelineStage { Recording, AudioDecode, VideoDecode, AudioFeatures }

/// <summary>
/// Seconds of compute by stage, over all sessions of a process. Wall time of code that runs without waiting, so on a machine with a core to spare it is CPU
/// time; under overload it also holds the time a thread was pushed aside. Thread-safe.
/// </summary>
public sealed class PipelineCosts(TimeProvider time) : IDisposable
{
    public const string MeterName = "MediaScore.Pipelines";

    private readonly long[] _ticks = new long[Enum.GetValues<PipelineStage>().Length];
    private Meter? _meter;

    /// <summary>Recognitions under way, and those that were for nothing.</summary>
    public RecognitionCounters Recognition { get; } = new();

    /// <summary>Publishes <c>mediascore.pipeline.compute.time</c>, seconds by <c>stage</c>, and <c>mediascore.recognition.*</c>.</summary>
    public PipelineCosts Publish(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _meter.CreateObservableCounter(
            "mediascore.pipeline.compute.time",
            () => Enum.GetValues<PipelineStage>().Select(s => new Measurement<double>(Seconds(s), new KeyValuePair<string, object?>("stage", s.ToString()))),
            "s",
            "Compute outside the inference pool");
        Recognition.Publish(_meter);
        return this;
    }

    public long Start() => time.GetTimestamp();

    /// <param name="started">From <see cref="Start"/>.</param>
    public void Stop(PipelineStage stage, long started) => Interlocked.Add(ref _ticks[(int)stage], time.GetTimestamp() - started);

    public double Seconds(PipelineStage stage) => Interlocked.Read(ref _ticks[(int)stage]) / (double)time.TimestampFrequency;

    public void Dispose() => _meter?.Dispose();
}
