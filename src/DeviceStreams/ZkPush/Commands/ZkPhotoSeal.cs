using System.Buffers.Text;
using MediaScore.Keys;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Pictures of faces wait for their terminal in the queue of commands, in the database: sealed there as everywhere.</summary>
public static class ZkPhotoSeal
{
    /// <summary>The largest picture that can be sent to a terminal: with base64 it fits into a command's arguments. 480 by 640 pixels take 30 to 45 KB.</summary>
    public const int MaxBytes = 48_000;

    /// <exception cref="ArgumentException">The picture is too large, or no JPEG.</exception>
    public static ZkPhotoArguments Seal(TenantKeys keys, string tenant, string personNumber, ReadOnlySpan<byte> jpeg)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (jpeg.Length > MaxBytes)
            throw new ArgumentException($"The picture has {jpeg.Length} bytes; terminals are sent {MaxBytes} at most. Scale it to 480 by 640 pixels.", nameof(jpeg));
        if (!Wire.ZkBase64.IsJpeg(jpeg))
            throw new ArgumentException("The picture is no JPEG.", nameof(jpeg));
        return new ZkPhotoArguments(personNumber, Base64Url.EncodeToString(keys.Seal(tenant, Context(personNumber), jpeg)));
    }

    /// <returns>Null where it was sealed for another tenant or person, or was changed.</returns>
    internal static byte[]? TryOpen(TenantKeys keys, string tenant, ZkPhotoArguments arguments) =>
        Base64Url.IsValid(arguments.Sealed) ? keys.TryOpen(tenant, Context(arguments.PersonNumber), Base64Url.DecodeFromChars(arguments.Sealed)) : null;

    private static string Context(string personNumber) => $"picture/terminal/{personNumber}";
}
