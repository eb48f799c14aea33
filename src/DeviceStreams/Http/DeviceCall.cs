using System.Globalization;

namespace MediaScore.DeviceStreams.Http;

/// <summary>What a request of the device API asks for, from its path.</summary>
/// <param name="Name">Of the call, for metrics.</param>
/// <param name="CommandId">Where the path names a command.</param>
internal readonly record struct DeviceCall(string Name, string Method, string? ContentType, long CommandId = 0)
{
    private const string Json = "application/json";

    /// <returns>Null where there is nothing at this path.</returns>
    public static DeviceCall? Of(string path) => path.TrimEnd('/').Split('/') switch
    {
        ["", "devices", "v1", "hello"] => new DeviceCall("hello", "POST", Json),
        ["", "devices", "v1", "events"] => new DeviceCall("events", "POST", Json),
        ["", "devices", "v1", "frames"] => new DeviceCall("frames", "POST", "image/jpeg"),
        ["", "devices", "v1", "commands"] => new DeviceCall("commands", "GET", null),
        ["", "devices", "v1", "commands", var id, "result"] when long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 =>
            new DeviceCall("result", "POST", Json, number),
        _ => null,
    };

    /// <summary>Parameters behind it ("; charset=utf-8") change nothing.</summary>
    public bool Takes(string? contentType) => ContentType is null || (contentType ?? "").Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase);
}
