using System.Text;
using System.Text.Unicode;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Text of devices: UTF-8 mostly, with what their editors let through.</summary>
internal static class DeviceText
{
    private const byte NoBreak = 0x20;

    /// <summary>UTF-8, or Latin-1 where it is none: then every byte at least means something.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = SkipMark(bytes);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text);
    }

    /// <summary>Without control characters (a NUL ends no string here) and outer blanks, at most so long, no character cut in two.</summary>
    /// <param name="mostChars">At least 1.</param>
    public static string Clean(string text, int mostChars)
    {
        // Half a character, which XML can name, is one that says so: databases take no half ones, and the device would send its event for ever.
        if (text.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            text = string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune)));
        text = text.Trim();
        if (text.Length <= mostChars)
            return text;
        return text[..(char.IsHighSurrogate(text[mostChars - 1]) ? mostChars - 1 : mostChars)];
    }

    /// <summary>At most so many bytes of UTF-8, no character cut in two: what a device stores in a field of bytes.</summary>
    public static string FitUtf8(string text, int mostBytes)
    {
        var bytes = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > mostBytes)
                break;
            end += rune.Utf16SequenceLength;
        }

        return text[..end];
    }

    /// <summary>JSON forbids control characters within strings, and devices send them: blanks everywhere, and UTF-8.</summary>
    public static byte[] Mend(ReadOnlySpan<byte> json)
    {
        var text = SkipMark(json);
        var mended = Utf8.IsValid(text) ? text.ToArray() : Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(text));
        for (var i = 0; i < mended.Length; i++)
            mended[i] = Math.Max(mended[i], NoBreak);
        return mended;
    }

    /// <summary>From the first byte that is no blank, NUL or byte-order mark.</summary>
    public static ReadOnlySpan<byte> SkipBlank(ReadOnlySpan<byte> bytes)
    {
        bytes = SkipMark(bytes);
        var at = 0;
        while (at < bytes.Length && bytes[at] <= NoBreak)
            at++;
        return bytes[at..];
    }

    private static ReadOnlySpan<byte> SkipMark(ReadOnlySpan<byte> bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
}
