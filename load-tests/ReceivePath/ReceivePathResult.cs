using System.Globalization;
using System.Text.Json.Serialization;

namespace MediaScore.ReceivePath;

/// <summary>What one run showed. Microseconds are CPU time a datagram.</summary>
internal sealed record ReceivePathResult
{
    public int Senders { get; init; }

    public double Seconds { get; init; }

    public long Datagrams { get; init; }

    public long Unknown { get; init; }

    public long Flooded { get; init; }

    public long Frames { get; init; }

    public double LoopCpuSeconds { get; init; }

    public double RecorderCpuSeconds { get; init; }

    public double ProcessCpuSeconds { get; init; }

    public long AllocatedBytes { get; init; }

    public long KernelDrops { get; init; }

    public long PacketsLost { get; init; }

    public long FramesNotRecorded { get; init; }

    public long AuthenticationFailures { get; init; }

    public int Connected { get; init; }

    public double BareReceiveUs { get; init; }

    public double QuietBareReceiveUs { get; init; }

    public double QuietLoopUs { get; init; }

    public double QuietRecorderUs { get; init; }

    /// <summary>In the senders' rhythm.</summary>
    public double BareGcmUs { get; init; }

    /// <summary>Without a pause: what the processor can do.</summary>
    public double TightGcmUs { get; init; }

    public double DatagramsPerSecond => Datagrams / Seconds;

    public double LoopUs => 1e6 * LoopCpuSeconds / Datagrams;

    public double RecorderUs => 1e6 * RecorderCpuSeconds / Datagrams;

    public double BareSumUs => BareReceiveUs + BareGcmUs;

    public double Ratio => (LoopUs + RecorderUs) / BareSumUs;

    /// <summary>Of the quietest tenth of the seconds of each part.</summary>
    public double QuietRatio => (QuietLoopUs + QuietRecorderUs) / (QuietBareReceiveUs + BareGcmUs);

    public double DatagramsPerSecondOfACore => 1e6 / (LoopUs + RecorderUs);

    public string ToTable() => string.Create(CultureInfo.InvariantCulture, $"""
        {Senders} senders, {Connected} connected, {Seconds:0.0} s, {DatagramsPerSecond:0} datagrams a second, {Frames / Seconds:0} frames a second
        lost {PacketsLost}, dropped by the kernel {KernelDrops}, not recorded {FramesNotRecorded}, authentication failures {AuthenticationFailures}, of strangers {Unknown} (sent {Flooded})

        CPU                                       us a datagram   % of a core   us, quietest seconds
        bare receive (one thread, ReceiveFrom)    {BareReceiveUs,13:0.00}   {BareReceiveUs * DatagramsPerSecond / 1e4,11:0.0}   {QuietBareReceiveUs,20:0.00}
        bare AES-128-GCM                          {BareGcmUs,13:0.00}   {BareGcmUs * DatagramsPerSecond / 1e4,11:0.0}   {BareGcmUs,20:0.00}   ({TightGcmUs:0.00} without a pause)
        bare sum                                  {BareSumUs,13:0.00}   {BareSumUs * DatagramsPerSecond / 1e4,11:0.0}   {QuietBareReceiveUs + BareGcmUs,20:0.00}
        loop: receive, SRTP, reorder, frames      {LoopUs,13:0.00}   {LoopUs * DatagramsPerSecond / 1e4,11:0.0}   {QuietLoopUs,20:0.00}
        recorder: append to a file                {RecorderUs,13:0.00}   {RecorderUs * DatagramsPerSecond / 1e4,11:0.0}   {QuietRecorderUs,20:0.00}
        whole process                             {1e6 * ProcessCpuSeconds / Datagrams,13:0.00}   {100 * ProcessCpuSeconds / Seconds,11:0.0}

        loop and recorder / bare sum: {Ratio:0.00}, in the quietest seconds {QuietRatio:0.00}   ({DatagramsPerSecondOfACore:0} datagrams a second of a core; {(double)AllocatedBytes / Datagrams:0} bytes allocated a datagram)
        """);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReceivePathResult))]
internal sealed partial class ResultJson : JsonSerializerContext;
