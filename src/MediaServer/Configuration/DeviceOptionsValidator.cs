using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Ingress.Devices;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Configuration;

/// <summary>What one attribute cannot say.</summary>
internal sealed class DeviceOptionsValidator : IValidateOptions<DeviceOptions>
{
    public ValidateOptionsResult Validate(string? name, DeviceOptions options)
    {
        var faults = new OptionFaults(DeviceServices.Section, options);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
            faults.Add($"Devices:TimeZone is '{options.TimeZone}', and this machine knows no such zone; it must be an IANA name (UTC, Europe/Berlin, Asia/Shanghai). Minimal systems have them in the package tzdata.");
        return faults.ToResult();
    }
}
