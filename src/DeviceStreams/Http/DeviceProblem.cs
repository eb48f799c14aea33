using System.Globalization;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Http;

/// <summary>Refusals as RFC 9457 says them. The type is stable and what a program looks at; the detail is for whoever makes the device.</summary>
internal static class DeviceProblem
{
    public static DeviceReply Of(int status, string type, string detail, TimeSpan? retryAfter = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = $"urn:mediascore:problem:{type}", title = TitleOf(status), status, detail }, JsonSerializerOptions.Web);
        var reply = new DeviceReply(status, "application/problem+json", body);
        if (retryAfter is not { } wait)
            return reply;
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return reply with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = seconds } };
    }

    private static string TitleOf(int status) => status switch
    {
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        405 => "Method not allowed",
        413 => "Content too large",
        415 => "Unsupported media type",
        422 => "Unprocessable content",
        429 => "Too many requests",
        _ => "Service unavailable",
    };
}
