using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>How a command went.</summary>
public sealed record CommandResultRequest
{
    /// <summary>Whether it was done.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>The device's own code.</summary>
    public int? Code { get; init; }

    /// <summary>The device's own words.</summary>
    [MaxLength(512)] public string? Message { get; init; }
}
