using System.Net;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>What a device says of itself when it comes.</summary>
/// <param name="Serial">As the device writes it; checked here.</param>
/// <param name="From">Where it comes from; null where the transport cannot tell.</param>
public sealed record DeviceIntroduction(string Tenant, DeviceProtocol Protocol, string Serial, IPAddress? From)
{
    /// <summary>Cut at 64 characters.</summary>
    public string Model { get; init; } = "";

    public string Firmware { get; init; } = "";

    /// <summary>SHA-256 (hex) of its key, or <see cref="CertificateCredential"/>; null where its protocol has neither.</summary>
    public string? CredentialSha256 { get; init; }
}
