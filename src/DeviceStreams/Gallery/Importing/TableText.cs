using System.Text;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>The bytes of a table as text: UTF-8 or UTF-16 by its mark, else UTF-8 where it is that, else GBK, which is what spreadsheets write in China.</summary>
internal static class TableText
{
    // GB18030 holds all of GBK, and what came after it.
    private const int Gb18030 = 54936;

    /// <param name="encoding">As people call it.</param>
    /// <exception cref="PeopleImportException">It is none of these.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, out string encoding)
    {
        switch (bytes)
        {
            case [0xEF, 0xBB, 0xBF, .. var rest]:
                encoding = "UTF-8";
                return TryDecode(new UTF8Encoding(false, throwOnInvalidBytes: true), rest) ?? throw Broken("UTF-8, as it says");
            case [0xFF, 0xFE, .. var rest]:
                encoding = "UTF-16";
                return TryDecode(new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), rest) ?? throw Broken("UTF-16, as it says");
            case [0xFE, 0xFF, .. var rest]:
                encoding = "UTF-16";
                return TryDecode(new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), rest) ?? throw Broken("UTF-16, as it says");
        }

        if (TryDecode(new UTF8Encoding(false, throwOnInvalidBytes: true), bytes) is { } utf8)
        {
            encoding = "UTF-8";
            return utf8;
        }

        encoding = "GBK";
        // Asked directly: registering it would change what every Encoding.GetEncoding of the process gives.
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(Gb18030, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
        return TryDecode(gbk, bytes) ?? throw Broken("UTF-8 or GBK");
    }

    private static string? TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static PeopleImportException Broken(string expected) => new($"The table is not {expected}. Save it as \"CSV UTF-8\".");
}
