using System.Buffers.Binary;

namespace MediaScore.Codecs.Video;

/// <summary>How a camera was held. Telephones store what the sensor sees and write beside it which side is up (Exif 2.32, 4.6.4, tag 274): 1 is upright, 3 upside down, 6 and 8 lie on a side, the others are mirrored.</summary>
public static class PictureOrientation
{
    public const int Upright = 1;

    private const byte App1 = 0xE1;
    private const byte StartOfScan = 0xDA;
    private const int OrientationTag = 274;
    private const int ShortType = 3;
    private const int EntryLength = 12;

    /// <summary>What a JPEG says; <see cref="Upright"/> where it says nothing, or nothing that makes sense. Never throws.</summary>
    public static int OfJpeg(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Length < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8)
            return Upright;
        for (var rest = jpeg[2..]; rest.Length >= 4 && rest[0] == 0xFF && rest[1] != StartOfScan;)
        {
            if (rest[1] == 0xFF)
            {
                rest = rest[1..];
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2 || length + 2 > rest.Length)
                return Upright;
            var segment = rest.Slice(4, length - 2);
            if (rest[1] == App1 && segment.StartsWith("Exif\0\0"u8))
                return OfTiff(segment[6..]);
            rest = rest[(length + 2)..];
        }

        return Upright;
    }

    /// <summary>Turns a picture so that it is upright.</summary>
    /// <param name="picture">Disposed here where another is returned.</param>
    /// <param name="orientation">1 to 8; anything else is taken as <see cref="Upright"/>.</param>
    /// <returns>The caller's.</returns>
    public static DecodedPicture Apply(DecodedPicture picture, int orientation)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (orientation is <= Upright or > 8)
            return picture;
        var swaps = orientation >= 5;
        var (width, height) = (picture.Width, picture.Height);
        var turned = swaps
            ? new DecodedPicture(height, width, picture.SourceHeight, picture.SourceWidth)
            : new DecodedPicture(width, height, picture.SourceWidth, picture.SourceHeight);
        var source = picture.Rgb24.Span;
        var target = turned.Rgb24.Span;
        // The source of the first pixel, and how far the next is along a row and from row to row.
        var (first, along, down) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => ((width * height) - 1, -1, -width),
            4 => ((height - 1) * width, 1, -width),
            5 => (0, width, 1),
            6 => ((height - 1) * width, -width, 1),
            7 => ((width * height) - 1, -width, -1),
            _ => (width - 1, width, -1),
        };
        for (var row = 0; row < turned.Height; row++)
        {
            var from = first + (row * down);
            var line = target.Slice(row * turned.Width * 3, turned.Width * 3);
            for (var at = 0; at < line.Length; at += 3, from += along)
                source.Slice(from * 3, 3).CopyTo(line[at..]);
        }

        picture.Dispose();
        return turned;
    }

    /// <summary>The first directory of a TIFF header (TIFF 6.0, section 2).</summary>
    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
            return Upright;
        var isLittle = tiff[0] == 'I';
        var offset = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (offset > (uint)tiff.Length - 2)
            return Upright;
        var directory = tiff[(int)offset..];
        var count = Short(directory, isLittle);
        for (directory = directory[2..]; count > 0 && directory.Length >= EntryLength; count--, directory = directory[EntryLength..])
        {
            if (Short(directory, isLittle) == OrientationTag && Short(directory[2..], isLittle) == ShortType)
                return Short(directory[8..], isLittle) is >= Upright and <= 8 and var orientation ? orientation : Upright;
        }

        return Upright;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
