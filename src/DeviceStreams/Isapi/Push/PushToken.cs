using System.Security.Cryptography;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Push;

/// <summary>The secret in the path that a device posts to: it proves who posts, since these devices prove it in no other way. The server keeps its hash only (<see cref="DeviceRow.CredentialSha256"/>).</summary>
public static class PushToken
{
    /// <summary>The host maps everything below it, whatever its case, to <see cref="IsapiListener.HandleAsync"/>.</summary>
    public const string PathPrefix = "/devices/isapi/";

    // 160 bits; the path has to stay below 128 characters.
    private const int Length = 32;

    /// <summary>A new one. Shown once, to whoever types it into the device.</summary>
    public static string New() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", Length);

    /// <summary>For <see cref="DeviceRow.CredentialSha256"/>.</summary>
    public static string HashOf(string token) => DeviceCredentials.OfKey(token);

    /// <summary>What the device is told to post to.</summary>
    public static string PathOf(string token) => PathPrefix + token;

    /// <returns>Null where the path is none of these.</returns>
    internal static string? TryRead(string path)
    {
        if (!path.StartsWith(PathPrefix, StringComparison.OrdinalIgnoreCase))
            return null;
        var token = path[PathPrefix.Length..].TrimEnd('/');
        return token.Length == Length && token.All(char.IsAsciiLetterOrDigit) ? token : null;
    }
}
