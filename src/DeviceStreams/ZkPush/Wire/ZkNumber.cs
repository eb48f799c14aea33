using System.Buffers.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Decimal numbers as terminals write them. Spaces around them are none of the number.</summary>
internal static class ZkNumber
{
    /// <returns>Null where the text is anything but one number.</returns>
    public static int? Parse(ReadOnlySpan<byte> text)
    {
        var digits = text.Trim((byte)' ');
        return !digits.IsEmpty && Utf8Parser.TryParse(digits, out int value, out var consumed) && consumed == digits.Length ? value : null;
    }

    /// <inheritdoc cref="Parse"/>
    public static long? ParseLong(ReadOnlySpan<byte> text)
    {
        var digits = text.Trim((byte)' ');
        return !digits.IsEmpty && Utf8Parser.TryParse(digits, out long value, out var consumed) && consumed == digits.Length ? value : null;
    }
}
