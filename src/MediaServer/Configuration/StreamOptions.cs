using System.ComponentModel.DataAnnotations;

namespace MediaScore.MediaServer.Configuration;

/// <summary>Limits of one media stream. Section <c>Streams</c>. The protocol's own limits are in the proto's comments.</summary>
public sealed class StreamOptions
{
    public const string Section = "Streams";

    /// <summary>Seconds without a message from the client after which its stream is closed; it may resume. Default 30.</summary>
    [Range(1, 3600)]
    public int ReadIdleSeconds { get; set; } = 30;

    /// <summary>Seconds without any connection after which an interview that has begun ends by itself with what it has. Default 600.</summary>
    // The protocol promises ten minutes: time to restart a browser, a router or a laptop.
    [Range(1, 86_400)]
    public int InterviewIdleSeconds { get; set; } = 600;

    /// <summary>Messages held for a client that reads slowly. When they are full, the oldest caption or warning goes (and is counted). Default 256.</summary>
    // Captions come every few seconds and acknowledgements are merged, so 256 are minutes of a client that reads nothing.
    [Range(16, 65_536)]
    public int OutgoingMessages { get; set; } = 256;

    /// <summary>Seconds for which one message may wait for a client that reads nothing, before its stream is closed. Default 30.</summary>
    [Range(1, 3600)]
    public int WriteStallSeconds { get; set; } = 30;
}
