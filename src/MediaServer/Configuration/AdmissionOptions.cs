using System.ComponentModel.DataAnnotations;

namespace MediaScore.MediaServer.Configuration;

/// <summary>When a new interview is refused. Running ones are never touched. Section <c>Admission</c>.</summary>
public sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>Most interviews at once, those included whose connection is broken. Default 200.</summary>
    // Twice the rated load of a two-core machine: its measured capacity refuses first where the machine is the limit.
    [Range(1, 100_000)]
    public int MaxInterviews { get; set; } = 200;

    /// <summary>Whether the machine's load refuses interviews; with <c>false</c> only their number, the disk and a pool that hangs do. Default `true`.</summary>
    // A test, or a command with a server inside, shares its machine with other work and has nobody to protect.
    public bool JudgeLoad { get; set; } = true;

    /// <summary>Share of the CPU that this process can have, over the last ten seconds, up to which new interviews are admitted. Default 0.85.</summary>
    // With 0.95 a machine of two cores took in half as many again as it had, and all captions were late for as long as they stayed (docs/decisions/0007-host-settings.md).
    [Range(0.05, 1.0)]
    public double MaxCpuLoad { get; set; } = 0.85;

    /// <summary>Share of the inference workers' time in use for live work, over the last ten seconds, up to which new interviews are admitted. Default 0.75.</summary>
    // Above three quarters a queue's wait grows faster than its load; LiveKit's agents refuse at the same figure.
    [Range(0.05, 1.0)]
    public double MaxPoolLoad { get; set; } = 0.75;

    /// <summary>Mean wait of live sound for the inference pool, over the last ten seconds, in milliseconds, above which new interviews are refused. Default 125.</summary>
    // Half of what the pool allows such a request; with a mean of half, some are late.
    [Range(1, 60_000)]
    public int MaxLiveWaitMs { get; set; } = 125;

    /// <summary>Share of the sampled pictures that a busy pool dropped, over the last ten seconds, above which new interviews are refused. Default 0.1.</summary>
    // They give way first. One in ten is a burst; more is a machine that would make sound wait next.
    [Range(0.0, 1.0)]
    public double MaxSampledDropShare { get; set; } = 0.1;

    /// <summary>Mean time to make all logs durable once, over the last ten seconds, in milliseconds, above which new interviews are refused. Default 1000.</summary>
    // What is said is promised to be safe within a second.
    [Range(10, 60_000)]
    public int MaxFlushRoundMs { get; set; } = 1000;

    /// <summary>CPU time that an interview is taken to cost a second, in milliseconds, until this server has measured its own. Default 13.</summary>
    // Measured at a hundred over WebRTC with 480p video and 60 % speech on two cores (docs/performance.md); six minutes of one interview weigh as much as this guess.
    [Range(0.1, 1000.0)]
    public double ExpectedCpuMs { get; set; } = 13;

    /// <summary>Free space of the data folder's disk, in MiB, under which new interviews are refused. Default 1024.</summary>
    // An hour of 500 kbit/s video is 225 MB: four interviews that have begun can still end.
    [Range(0, 1_000_000_000)]
    public int MinFreeDiskMiB { get; set; } = 1024;

    /// <summary>When a refused caller should ask again, in seconds, at the least; a quarter more at the most. Default 20.</summary>
    // Room must last for ten seconds before it is given away, and is a mean over ten: asking sooner gets the same answer.
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 20;
}
