using System.Buffers;
using System.Buffers.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Pictures inside text records.</summary>
internal static class ZkBase64
{
    // Terminals send 20 to 200 KB; a picture of 4 MiB comes from none.
    private const int MaxBytes = 4 << 20;

    /// <returns>Null where it is no base64, empty or too long.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        var trimmed = text.Trim(" \r\n\0"u8);
        if (trimmed.IsEmpty || trimmed.Length > MaxBytes / 3 * 4)
            return null;
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(trimmed.Length)];
        return Base64.DecodeFromUtf8(trimmed, bytes, out _, out var written) == OperationStatus.Done && written > 0 ? bytes[..written] : null;
    }

    /// <summary>Begins as a JPEG does.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> picture) => picture.StartsWith(JpegStart);

    public static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];
}
