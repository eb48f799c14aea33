namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>
/// A status message travels in a trailer, percent-encoded, and clients take only so much of trailers (8 KiB in gRPC for Java and C++): a longer message, such as
/// one that quotes a field of half a megabyte, would reach them as a broken connection.
/// </summary>
internal static class StatusDetail
{
    /// <summary>Longest message as it is sent, in bytes; half of what the strictest client takes for all trailers together.</summary>
    public const int MaxEncodedBytes = 4096;

    private const string Cut = " ... (cut)";

    /// <returns><paramref name="detail"/>, cut at a character where it is too long.</returns>
    public static string Fit(string detail)
    {
        var (encoded, characters, kept) = (0, 0, 0);
        foreach (var rune in detail.EnumerateRunes())
        {
            // PROTOCOL-HTTP2.md, "Status-Message": bytes other than printable ASCII, and '%', take three characters.
            encoded += rune.Value is >= 0x20 and <= 0x7E and not '%' ? 1 : 3 * rune.Utf8SequenceLength;
            if (encoded > MaxEncodedBytes)
                return string.Concat(detail.AsSpan(0, kept), Cut);
            characters += rune.Utf16SequenceLength;
            if (encoded <= MaxEncodedBytes - Cut.Length)
                kept = characters;
        }

        return detail;
    }
}
