namespace MediaScore.Codecs.Video;

/// <summary>
/// Counts the scans of a JPEG picture (ITU-T T.81, B.2.3) before it is decoded. A progressive picture of 49 megapixels with empty scans, 75 bytes each, takes a decoder nearly a millisecond a
/// scan: minutes for a file of 16 MB.
/// </summary>
internal static class JpegScans
{
    /// <summary>Cameras and editors write 1 to 12.</summary>
    public const int Max = 100;

    private const byte Prefix = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>Up to the end of the picture: what lies behind it, and in segments of applications, is not decoded.</summary>
    /// <param name="image">A JPEG picture from its first marker on.</param>
    public static bool AreTooMany(ReadOnlySpan<byte> image)
    {
        var count = 0;
        var rest = image;
        while (rest.IndexOf(Prefix) is var at and >= 0 && at + 1 < rest.Length)
        {
            var marker = rest[at + 1];
            if (marker == EndOfImage)
                break;
            if (marker == StartOfScan && ++count > Max)
                return true;
            rest = rest[(at + LengthOf(marker, rest[at..]))..];
        }

        return false;
    }

    /// <summary>Of the marker, and of what a decoder passes over with it. Behind any other marker it goes on looking for the next, so nothing hides there.</summary>
    private static int LengthOf(byte marker, ReadOnlySpan<byte> from)
    {
        if (marker is (>= 0xE0 and <= 0xEF) or 0xFE && from.Length >= 4 && 2 + ((from[2] << 8) | from[3]) is var length && length <= from.Length)
            return length;
        // Fill bytes come in any number; the next one may begin a marker.
        return marker == Prefix ? 1 : 2;
    }
}
