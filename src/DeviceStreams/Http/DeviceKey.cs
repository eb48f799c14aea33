using MediaScore.DeviceStreams.Grpc;

namespace MediaScore.DeviceStreams.Http;

/// <summary>The key that a device shows (RFC 6750, 2.1).</summary>
internal static class DeviceKey
{
    private const string Scheme = "Bearer ";

    /// <returns>Null where there is none, or one that cannot be.</returns>
    public static string? Of(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault("Authorization") is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var key = header[Scheme.Length..].Trim();
        return key.Length is >= DeviceCredentials.MinKeyLength and <= DeviceCredentials.MaxKeyLength && key.All(c => c is > ' ' and <= '~') ? key : null;
    }
}
