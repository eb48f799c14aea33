using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What a device says of itself. All of it is optional.</summary>
public sealed record HelloRequest
{
    /// <summary>As its maker calls it.</summary>
    [MaxLength(64)] public string? Model { get; init; }

    /// <summary>Version of its software.</summary>
    [MaxLength(64)] public string? Firmware { get; init; }

    /// <summary>Events that wait in the device.</summary>
    [Range(0, int.MaxValue)] public int? Queued { get; init; }
}
