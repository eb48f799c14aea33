using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams;

/// <summary>How terminals, badges and sensors are served. Section <c>Devices</c>.</summary>
public sealed class DeviceOptions
{
    /// <summary>Tenant of devices whose protocol knows none (ZKTeco, Hikvision). Default <c>default</c>.</summary>
    [RegularExpression("^[a-z0-9-]{1,64}$")] public string Tenant { get; set; } = "default";

    /// <summary>IANA name of the zone of devices that send local times, where the device has no setting of its own. Default <c>UTC</c>.</summary>
    [Required] public string TimeZone { get; set; } = "UTC";

    /// <summary>Devices of a tenant that may wait for a person's word; more are turned away until some were judged. Default 100.</summary>
    // A site brings its terminals in one morning; whoever floods the list with invented serials must not fill the disk.
    [Range(1, 10_000)] public int MaxPending { get; set; } = 100;

    /// <summary>Approve every newcomer by itself. Default false: a serial number is no proof of anything. For test sites.</summary>
    public bool ApproveNewcomers { get; set; }

    /// <summary>Least cosine of two faces of one person, where the device has no setting of its own. Default 0.5.</summary>
    // Measured (bench/Faces): none of 21,817 comparisons of different people lies above, and 15 % of those of one person's photos below; with three templates a person 94 % of photos are recognised.
    // 0.45 takes one of the 21,817 and recognises 96 %: right for one comparison, but whoever stands at a door is compared with everybody, in several frames.
    [Range(0.0, 1.0)] public double AcceptSimilarity { get; set; } = 0.5;

    /// <summary>Least probability of the liveness model that a face lives. Default 0.9.</summary>
    // Measured (bench/Faces): refuses 7 of 122 real pictures, none of 30 frames of video; 0.5 refuses 4 and takes 13 in a hundred simulated prints and screens more, 0.99 refuses 20. Half of the simulated ones pass at 0.9:
    // no threshold makes this model alone a protection.
    [Range(0.0, 1.0)] public double LiveProbability { get; set; } = 0.9;

    /// <summary>How long a person at a door waits for a decision, where the frame does not say, in milliseconds. Default 1000.</summary>
    // The terminal would show "try again" by then; 300 ms are what is aimed at.
    [Range(50, 10_000)] public int DecisionDeadlineMs { get; set; } = 1_000;

    /// <summary>A device that has not spoken for so many seconds is shown as offline. Default 90.</summary>
    // Three heartbeats of the slowest protocol (30 s).
    [Range(5, 3_600)] public int OfflineAfterS { get; set; } = 90;

    /// <summary>Pictures that devices send with events are kept so many days, sealed; 0: not at all. Default 30.</summary>
    [Range(0, 3_650)] public int KeepPicturesDays { get; set; } = 30;

    /// <summary>Room for those pictures on the disk, in MiB; the oldest go first. Default 2048.</summary>
    // Some 20,000 of a terminal's pictures; recordings of interviews lie on the same disk, and go before.
    [Range(1, 10_000_000)] public int MaxPicturesMiB { get; set; } = 2_048;
}
