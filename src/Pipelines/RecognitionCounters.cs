using System.Diagnostics.Metrics;

namespace MediaScore.Pipelines;

/// <summary>What became of a recognition that was begun before its utterance had ended.</summary>
internal enum EarlyOutcome
{
    /// <summary>The utterance ended as foreseen.</summary>
    Used,

    /// <summary>Speech went on; the work was for nothing.</summary>
    Abandoned,

    /// <summary>Not begun, because too much was under way.</summary>
    Skipped,
}

/// <summary>Recognitions of all sessions of a process: how many are under way, and what became of those that were begun early. Thread-safe.</summary>
public sealed class RecognitionCounters
{
    // The decoder writes 16 utterances at once. With half of the places taken, what may be for nothing must not take one from what is due.
    private const int EarlyBelow = 8;

    private static readonly int OutcomeCount = Enum.GetValues<EarlyOutcome>().Length;

    private readonly long[] _counts = new long[OutcomeCount];
    private readonly long[] _samples = new long[OutcomeCount];
    private int _underWay;

    /// <summary>Recognitions under way, early ones among them.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Nothing would have to wait for a recognition that may be for nothing.</summary>
    internal bool HasRoomForEarly => UnderWay < EarlyBelow;

    internal void Begin() => Interlocked.Increment(ref _underWay);

    internal void End() => Interlocked.Decrement(ref _underWay);

    internal void CountEarly(EarlyOutcome outcome, long sampleCount)
    {
        Interlocked.Increment(ref _counts[(int)outcome]);
        Interlocked.Add(ref _samples[(int)outcome], sampleCount);
    }

    internal long Count(EarlyOutcome outcome) => Interlocked.Read(ref _counts[(int)outcome]);

    internal void Publish(Meter meter)
    {
        meter.CreateObservableUpDownCounter("mediascore.recognition.active", () => UnderWay, "{utterance}", "Utterances under recognition");
        meter.CreateObservableCounter(
            "mediascore.recognition.early", () => Measure(outcome => Count(outcome)), "{utterance}", "Recognitions begun before the utterance had ended, by outcome");
        meter.CreateObservableCounter(
            "mediascore.recognition.early.sound", () => Measure(outcome => Interlocked.Read(ref _samples[(int)outcome]) / (double)Audio.SoundWindow.SampleRate), "s",
            "Sound of those recognitions, by outcome");
    }

    private static IEnumerable<Measurement<T>> Measure<T>(Func<EarlyOutcome, T> value)
        where T : struct =>
        Enum.GetValues<EarlyOutcome>().Select(outcome => new Measurement<T>(value(outcome), new KeyValuePair<string, object?>("outcome", outcome.ToString())));
}
