namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>One request to a device.</summary>
/// <param name="Target">Path and query.</param>
internal sealed record IsapiCall(string Method, string Target, string ContentType = "", ReadOnlyMemory<byte> Body = default)
{
    /// <summary>Somebody stands at a door: does not wait for others.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>Null: <see cref="IsapiOptions.RequestLimitS"/>.</summary>
    public TimeSpan? Limit { get; init; }

    public static IsapiCall Get(string target) => new("GET", target);

    public static IsapiCall Json(string method, string target, string json) => new(method, target, "application/json", System.Text.Encoding.UTF8.GetBytes(json));

    public static IsapiCall Xml(string method, string target, string xml) => new(method, target, "application/xml", System.Text.Encoding.UTF8.GetBytes(xml));
}
