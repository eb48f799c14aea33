using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Http;

/// <summary>The device API over HTTP. Section <c>Devices:Http</c>.</summary>
public sealed class DeviceApiOptions
{
    public const string Section = "Devices:Http";

    /// <summary>Requests of one device a second, in the long run. Default 20; more are answered 429.</summary>
    // As many frames as a terminal over gRPC may send.
    [Range(1, 1_000)] public int RequestsPerSecond { get; set; } = 20;

    /// <summary>Requests of one device that are taken at once. Default 60.</summary>
    // Three seconds' worth: what was held back by a network that stood still.
    [Range(1, 10_000)] public int RequestBurst { get; set; } = 60;

    /// <summary>Events in one request. Default 1000.</summary>
    // Half of what shares a transaction.
    [Range(1, 2_000)] public int MaxEvents { get; set; } = 1_000;

    /// <summary>Largest body with events, bytes. Default 1048576.</summary>
    // A thousand events of the longest kind that is usual.
    [Range(16_384, 1_048_576)] public int MaxEventsBytes { get; set; } = 1 << 20;

    /// <summary>Largest picture, bytes. Default 1048576.</summary>
    // What one frame over gRPC may have; a terminal's two megapixels have 300 KB.
    [Range(16_384, 1_048_576)] public int MaxFrameBytes { get; set; } = 1 << 20;

    /// <summary>Longest wait of a request for commands, seconds. Default 30.</summary>
    // Proxies close a request that says nothing for a minute.
    [Range(0, 120)] public int MaxWaitS { get; set; } = 30;
}
