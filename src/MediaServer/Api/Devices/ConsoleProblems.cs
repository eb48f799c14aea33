using System.Diagnostics.CodeAnalysis;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Refusals of the console's interface as RFC 9457 says them (docs/formats/console-api.md).</summary>
internal static class ConsoleProblems
{
    public static IResult BadRequest(string detail) => ReportAccess.Problem(StatusCodes.Status400BadRequest, "bad-request", detail);

    public static IResult NoDevice() => ReportAccess.Problem(StatusCodes.Status404NotFound, "device-not-found", "There is no such device.");

    public static IResult NoPerson() => ReportAccess.Problem(StatusCodes.Status404NotFound, "person-not-found", "Nobody has this number here.");

    public static IResult Conflict(string type, string detail) => ReportAccess.Problem(StatusCodes.Status409Conflict, type, detail);

    /// <summary>Whose devices and people are meant: <c>?tenant=</c>, or the server's own.</summary>
    /// <returns>False with the answer to give instead.</returns>
    public static bool TryTenant(HttpContext http, string standard, [NotNullWhen(true)] out string? tenant, [NotNullWhen(false)] out IResult? refusal)
    {
        tenant = http.Request.Query["tenant"].ToString() is { Length: > 0 } named ? named : standard;
        if (PersonRules.FaultOfTenant(tenant) is { } fault)
        {
            (tenant, refusal) = (null, BadRequest($"tenant: {fault}."));
            return false;
        }

        refusal = null;
        return true;
    }

    /// <returns>False with the answer to give instead.</returns>
    public static bool TryDevice(string id, DeviceRegistry registry, [NotNullWhen(true)] out Device? device, [NotNullWhen(false)] out IResult? refusal)
    {
        device = registry.Find(id);
        if (device is null)
        {
            refusal = NoDevice();
            return false;
        }

        refusal = null;
        return true;
    }
}
