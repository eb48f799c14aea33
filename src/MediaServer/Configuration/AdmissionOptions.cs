using System.ComponentModel.DataAnnotations;

namespace MediaScore.MediaServer.Configuration;

/// <summary>When a new interview is refused. Running ones are never touched. Section <c>Admission</c>.</summary>
public sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>Most interviews at once, those included whose connection is broken. Default 200.</summary>
    // Twice the rated load of a two-core machine: the pool's load refuses first where the machine is the limit.
    [Range(1, 100_000)]
    public int MaxInterviews { get; set; } = 200;

    /// <summary>Share of the inference workers' time in use, over the last seconds, above which new interviews are refused. Default 0.75.</summary>
    // Above three quarters a queue's wait grows faster than its load; LiveKit's agents refuse at the same figure.
    [Range(0.05, 1.0)]
    public double MaxPoolLoad { get; set; } = 0.75;

    /// <summary>Free space of the data folder's disk, in MiB, under which new interviews are refused. Default 1024.</summary>
    // An hour of 500 kbit/s video is 225 MB: four interviews that have begun can still end.
    [Range(0, 1_000_000_000)]
    public int MinFreeDiskMiB { get; set; } = 1024;

    /// <summary>When a refused caller should ask again, in seconds. Default 20.</summary>
    // The pool's load is a mean over 10 s; asking sooner gets the same answer.
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 20;
}
