using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Isapi;

/// <summary>How Hikvision devices are called and heard. Section <c>Devices:Isapi</c>.</summary>
public sealed class IsapiOptions
{
    /// <summary>An event stream from which no whole part has come for so many seconds is dead. Default 90.</summary>
    // Three heartbeats of the slowest firmware (30 s). TCP itself would notice after hours.
    [Range(1, 3_600)] public int SilenceLimitS { get; set; } = 90;

    /// <summary>Longest wait for the answer to one request, in seconds. Default 10. A page of the log and a face always have 30 s, deleting people 60 s.</summary>
    [Range(1, 120)] public int RequestLimitS { get; set; } = 10;

    /// <summary>Wait before the first try to connect again, in milliseconds; the next ones are 2, 5, 10, 30 and 60 times as long. Default 1000.</summary>
    // A terminal is back from a restart within a minute or two, and answers badly while it starts.
    [Range(1, 60_000)] public int ReconnectMs { get; set; } = 1_000;

    /// <summary>The device's log is asked for what is missing so often, in seconds, also while its stream is healthy. Default 300.</summary>
    // The chain of serials shows a gap at once; this finds what never had a chance to show, and is all there is for devices without a stream.
    [Range(1, 86_400)] public int BackFillEveryS { get; set; } = 300;

    /// <summary>What a new device's log holds is taken from so many days before it was approved on, and no earlier; <c>fetch-logs</c> with a time takes it from there. Default 7.</summary>
    // A terminal that hung there for years has 20,000 events and more, and their days have been settled elsewhere. A week covers the days in which it was put up and tried.
    [Range(0, 3_650)] public int BackFillDays { get; set; } = 7;

    /// <summary>Pause between two pages of the log, in milliseconds. Default 200.</summary>
    // The same processor recognises faces; a page of 30 costs it some 50 ms.
    [Range(0, 10_000)] public int PagePauseMs { get; set; } = 200;

    /// <summary>The log's copy of an event with a picture waits so long while there is a stream, where the event is no older.</summary>
    // A picture follows its event within a second, and devices tell whole ones.
    internal TimeSpan PictureGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After a lock-out of a login that had worked before, try it once more when the device's own time is over. Default false: only a person starts again.</summary>
    // A wrong guess here makes the lock longer for everybody, also for the person with the right password.
    public bool RetryAfterLock { get; set; }

    /// <summary>Scheme, host (an IP address) and port under which devices reach this server, as in <c>http://192.0.2.5:8090</c>; empty: the server writes itself into no device. Default empty.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>How long a device that posts an event may wait until that is on the disk, in milliseconds; then it is told to send it again. Default 2000.</summary>
    // Devices give up after some seconds, and some then start again with all that waits.
    [Range(50, 60_000)] public int PushLimitMs { get; set; } = 2_000;
}
