using MediaScore.Protocol.Device.V1;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>Uncoded pixels of a terminal's camera to 24-bit RGB.</summary>
internal static class RawPixels
{
    /// <summary>The length is checked already. RGB is handed on as it is, not copied.</summary>
    public static ReadOnlyMemory<byte> ToRgb24(ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format) => format switch
    {
        PixelFormat.Rgb24 => pixels,
        PixelFormat.Bgr24 => FromBgr(pixels.Span),
        PixelFormat.Gray8 => FromGray(pixels.Span),
        PixelFormat.Nv12 => FromNv12(pixels.Span, width, height),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown pixel format."),
    };

    private static byte[] FromBgr(ReadOnlySpan<byte> bgr)
    {
        var rgb = new byte[bgr.Length];
        for (var i = 0; i + 2 < bgr.Length; i += 3)
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (bgr[i + 2], bgr[i + 1], bgr[i]);
        return rgb;
    }

    private static byte[] FromGray(ReadOnlySpan<byte> gray)
    {
        var rgb = new byte[gray.Length * 3];
        for (var i = 0; i < gray.Length; i++)
            rgb.AsSpan(i * 3, 3).Fill(gray[i]);
        return rgb;
    }

    /// <summary>BT.601, limited range (ITU-R BT.601-7, 2.5.1), in 8-bit fixed point.</summary>
    private static byte[] FromNv12(ReadOnlySpan<byte> nv12, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        var chroma = nv12[(width * height)..];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = ((y / 2) * width) + (x & ~1);
                var (luma, u, v) = (298 * (nv12[(y * width) + x] - 16), chroma[at] - 128, chroma[at + 1] - 128);
                var pixel = rgb.AsSpan(((y * width) + x) * 3, 3);
                pixel[0] = Clamp(luma + (409 * v));
                pixel[1] = Clamp(luma - (100 * u) - (208 * v));
                pixel[2] = Clamp(luma + (516 * u));
            }
        }

        return rgb;

        static byte Clamp(int value) => (byte)Math.Clamp((value + 128) >> 8, 0, 255);
    }
}
