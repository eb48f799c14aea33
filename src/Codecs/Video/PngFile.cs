using System.Buffers.Binary;

namespace MediaScore.Codecs.Video;

/// <summary>The container of a PNG picture (ISO/IEC 15948, 5).</summary>
internal static class PngFile
{
    private const int ChunkFrame = 12; // Length, type, checksum.
    private const int HeaderLength = 13;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <returns>Why it is none; null where width and height were read.</returns>
    public static string? Inspect(ReadOnlySpan<byte> file, out KeyFrameInfo info)
    {
        info = default;
        if (!file.StartsWith(Signature))
            return "Not a PNG picture (it does not begin with its signature).";
        var header = file[Signature.Length..];
        if (header.Length < ChunkFrame + HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(header) != HeaderLength || !header[4..].StartsWith("IHDR"u8))
            return "PNG picture cut or damaged in its header.";
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(header[8..]), BinaryPrimitives.ReadUInt32BigEndian(header[12..]));
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            return "PNG picture of no size.";
        info = new KeyFrameInfo(IsKeyFrame: true, (int)width, (int)height);
        return null;
    }

    /// <summary>Copies what the picture is made of, and nothing else: a compressed comment or colour profile unpacks to a thousand times its size, and no bound on pixels bounds it.</summary>
    /// <param name="target">At least as long as the file.</param>
    /// <returns>Bytes written.</returns>
    public static int CopyPicture(ReadOnlySpan<byte> file, Span<byte> target)
    {
        Signature.CopyTo(target);
        var written = Signature.Length;
        for (var rest = file[Signature.Length..]; rest.Length >= ChunkFrame;)
        {
            // One that is cut goes along as it is: the decoder says what is wrong with it.
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(rest) + (long)ChunkFrame, rest.Length);
            var type = rest.Slice(4, 4);
            if (type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8))
            {
                rest[..length].CopyTo(target[written..]);
                written += length;
            }

            rest = rest[length..];
        }

        return written;
    }
}
