using System.Diagnostics.Metrics;

namespace MediaScore.Recording;

/// <summary>All instruments of this project.</summary>
internal static class RecordingMeter
{
    public const string Name = "MediaScore.Recording";

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Flushes = Meter.CreateCounter<long>(
        "mediascore.recording.flushes", "{flush}", "Disk flushes (fsync) of logs.");

    public static readonly Histogram<double> FlushDuration = Meter.CreateHistogram<double>(
        "mediascore.recording.flush.duration", "s", "Time of one disk flush.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] });

    public static readonly Histogram<int> RoundSize = Meter.CreateHistogram<int>(
        "mediascore.recording.round.size", "{log}", "Logs flushed together in one round.");

    public static readonly Counter<long> FlushFaults = Meter.CreateCounter<long>(
        "mediascore.recording.flush.faults", "{fault}", "Logs that the disk refused to write or flush.");

    public static readonly Counter<long> BytesWritten = Meter.CreateCounter<long>(
        "mediascore.recording.written", "By", "Bytes handed to the system for logs, headers and tags included.");
}
