using System.Text;
using System.Text.Unicode;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Letters on the wire: ASCII, UTF-8 or GBK, nobody says which.</summary>
internal static class ZkText
{
    private const char Unreadable = '\uFFFD';

    // GB18030 reads all that GBK (code page 936) and GB2312 write.
    private static readonly Encoding Reader = CodePagesEncodingProvider.Instance.GetEncoding(54936, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))!;

    // Terminals know no four-byte letters of GB18030.
    private static readonly Encoding GbkWriter = CodePagesEncodingProvider.Instance.GetEncoding(936, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    public static string Decode(ReadOnlySpan<byte> bytes, ZkEncoding encoding)
    {
        if (Ascii.IsValid(bytes))
            return Encoding.ASCII.GetString(bytes);
        var isUtf8 = Utf8.IsValid(bytes);
        if (isUtf8 && (encoding == ZkEncoding.ByValidity || (encoding == ZkEncoding.Chinese && HasLongSequence(bytes))))
            return Encoding.UTF8.GetString(bytes);
        var text = Reader.GetString(bytes);
        if (!text.Contains(Unreadable))
            return text;
        return isUtf8 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Decoded, on one line, without spaces around it.</summary>
    /// <param name="maxLength">In UTF-16 units; the rest is cut off.</param>
    public static string Clean(ReadOnlySpan<byte> bytes, ZkEncoding encoding, int maxLength)
    {
        // Four bytes a letter at most: no need to decode a megabyte for a name.
        var text = Decode(bytes[..Math.Min(bytes.Length, Math.Max(maxLength, 16) * 4)], encoding);
        return Cut(WithoutControls(text).Trim(), maxLength);
    }

    public static byte[] Encode(string text, ZkEncoding encoding) => encoding == ZkEncoding.ByValidity ? Encoding.UTF8.GetBytes(text) : GbkWriter.GetBytes(text);

    /// <summary>Never in the middle of a letter.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;
        return text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }

    private static string WithoutControls(string text)
    {
        if (!text.Any(IsControl))
            return text;
        return string.Create(text.Length, text, (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = IsControl(source[i]) ? ' ' : source[i];
        });
    }

    // Line and paragraph separators end a line in some viewers.
    private static bool IsControl(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';

    private static bool HasLongSequence(ReadOnlySpan<byte> utf8) => utf8.IndexOfAnyInRange((byte)0xE0, (byte)0xF4) >= 0;
}
