using System.Net;
using Microsoft.Extensions.Options;

namespace MediaScore.WebRtc;

/// <summary>Checks every bound and what one attribute cannot say, and reports all errors at once.</summary>
public sealed class RtcOptionsValidator : IValidateOptions<RtcOptions>
{
    public ValidateOptionsResult Validate(string? name, RtcOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (new RtcOptionsBounds().Validate(name, options) is { Failed: true } bounds)
            faults.AddRange(bounds.Failures!);
        if (!IPAddress.TryParse(options.Address, out _))
            faults.Add($"WebRtc:Address is '{options.Address}'; it must be an IP address (127.0.0.1, 0.0.0.0, ::).");
        foreach (var address in options.PublicAddresses)
        {
            if (!IPAddress.TryParse(address, out var parsed))
                faults.Add($"WebRtc:PublicAddresses has '{address}'; each must be an IP address (names are not resolved).");
            else if (parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any))
                faults.Add($"WebRtc:PublicAddresses has '{address}'; a browser cannot send to it.");
        }

        if (options.MaxHandshakesPerAddress > options.MaxHandshakes)
            faults.Add($"WebRtc:MaxHandshakesPerAddress is {options.MaxHandshakesPerAddress}; it must not be above WebRtc:MaxHandshakes ({options.MaxHandshakes}).");
        if (options.MaxTcpConnectionsPerAddress > options.MaxTcpConnections)
            faults.Add($"WebRtc:MaxTcpConnectionsPerAddress is {options.MaxTcpConnectionsPerAddress}; it must not be above WebRtc:MaxTcpConnections ({options.MaxTcpConnections}).");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

[OptionsValidator]
internal sealed partial class RtcOptionsBounds : IValidateOptions<RtcOptions>;
