using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Names of time zones that come from outside. The system looks them up as files, so only what can be an IANA name is handed to it.</summary>
internal static partial class ZoneName
{
    private const int MaxLength = 64;

    public const string Fault = "must be an IANA name of a zone that this machine knows, such as UTC, Europe/Berlin or Asia/Shanghai";

    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return name.Length <= MaxLength && Pattern().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$")]
    private static partial Regex Pattern();
}
