using System.Text;
using MediaScore.Keys;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>What the server proves itself with to a device that it calls. Stored sealed with the tenant's key, and bound to its device: copied to another row it opens nothing.</summary>
public sealed record DeviceLogin(string User, string Password)
{
    // With four bytes a character, sealed, both fit the column.
    private const int UserLength = 64;
    private const int PasswordLength = 128;

    // In neither of them: control characters are refused.
    private const char Separator = '\0';

    /// <returns>What is wrong with it, as a person reads it; null where nothing is.</returns>
    public static string? FaultOf(string user, string password) => user is not { Length: >= 1 and <= UserLength } || user.Any(c => char.IsControl(c) || c == ':')
        ? $"a user name has 1 to {UserLength} characters, none of them a colon"
        : password is not { Length: >= 1 and <= PasswordLength } || password.Any(char.IsControl) ? $"a password has 1 to {PasswordLength} characters"
        : null;

    /// <returns>For <see cref="DeviceRow.SealedLogin"/>.</returns>
    /// <exception cref="ArgumentException">It is no login; the message says why.</exception>
    public byte[] Seal(TenantKeys keys, string tenant, string deviceId)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (FaultOf(User, Password) is { } fault)
            throw new ArgumentException(fault);
        return keys.Seal(tenant, ContextOf(deviceId), Encoding.UTF8.GetBytes(User + Separator + Password));
    }

    /// <returns>Null where the device has none, or where the tenant's key does not open it.</returns>
    public static DeviceLogin? TryOpen(TenantKeys keys, DeviceRow device)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(device);
        return device.SealedLogin is { } box && keys.TryOpen(device.Tenant, ContextOf(device.Id), box) is { } plain && Encoding.UTF8.GetString(plain).Split(Separator, 2) is [var user, var password]
            ? new DeviceLogin(user, password)
            : null;
    }

    /// <summary>Never the password: it may end up in a log.</summary>
    public override string ToString() => User;

    private static string ContextOf(string deviceId) => $"login/{deviceId}";
}
