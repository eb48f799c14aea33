using MediaScore.Codecs.Video;
using MediaScore.Perception.Vision;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>A frame's picture, whatever the terminal sends, as the models take it. Bounded before a pixel is decoded.</summary>
internal sealed class FramePicture : IDisposable
{
    // As the proto says; a terminal's camera has two megapixels.
    private const int MaxSide = 4_096;
    private const int MaxPixels = 4 << 20;

    // A face that fills a fifth of the width is then 192 pixels wide: all that the embedder's 112 need.
    private const int DecodedWidth = 960;

    private readonly DecodedPicture? _decoded;

    private FramePicture(RgbPicture picture, DecodedPicture? decoded) => (Picture, _decoded) = (picture, decoded);

    /// <summary>Valid until <see cref="Dispose"/>.</summary>
    public RgbPicture Picture { get; }

    /// <returns>Null with what is wrong.</returns>
    public static FramePicture? TryOpen(FaceFrame frame, VideoKeyFrameDecoder decoder, out string fault)
    {
        switch (frame.PictureCase)
        {
            case FaceFrame.PictureOneofCase.Jpeg:
                return OpenJpeg(frame.Jpeg.Span, decoder, out fault);
            case FaceFrame.PictureOneofCase.Raw:
                return OpenRaw(frame.Raw, out fault);
            default:
                fault = "the frame has no picture";
                return null;
        }
    }

    public void Dispose() => _decoded?.Dispose();

    private static FramePicture? OpenJpeg(ReadOnlySpan<byte> jpeg, VideoKeyFrameDecoder decoder, out string fault)
    {
        if (!KeyFrameInspector.TryInspect(VideoCodec.Jpeg, jpeg, out var info, out var error))
        {
            fault = $"not a JPEG: {error}";
            return null;
        }

        if (!IsWithin(info.Width, info.Height, out fault))
            return null;
        if (!decoder.TryDecode(VideoCodec.Jpeg, jpeg, DecodedWidth, out var decoded, out error))
        {
            fault = $"the JPEG cannot be decoded: {error}";
            return null;
        }

        return new FramePicture(new RgbPicture(decoded.Rgb24, decoded.Width, decoded.Height), decoded);
    }

    private static FramePicture? OpenRaw(RawPicture raw, out string fault)
    {
        if (!IsWithin(raw.Width, raw.Height, out fault))
            return null;
        var (width, height) = ((int)raw.Width, (int)raw.Height);
        var expected = raw.Format switch
        {
            PixelFormat.Rgb24 or PixelFormat.Bgr24 => (long)width * height * 3,
            PixelFormat.Gray8 => (long)width * height,
            PixelFormat.Nv12 when width % 2 == 0 && height % 2 == 0 => (long)width * height * 3 / 2,
            _ => -1,
        };
        if (expected < 0)
        {
            fault = raw.Format == PixelFormat.Nv12 ? "NV12 has even width and height" : $"pixel format {(int)raw.Format} is not known";
            return null;
        }

        if (raw.Pixels.Length != expected)
        {
            fault = $"{width} x {height} pixels of {raw.Format} are {expected} bytes, not {raw.Pixels.Length}";
            return null;
        }

        var rgb = RawPixels.ToRgb24(raw.Pixels.Memory, width, height, raw.Format);
        return new FramePicture(new RgbPicture(rgb, width, height), null);
    }

    private static bool IsWithin(long width, long height, out string fault)
    {
        fault = width is >= 1 and <= MaxSide && height is >= 1 and <= MaxSide && width * height <= MaxPixels
            ? ""
            : $"a picture of {width} x {height}; at most {MaxSide} pixels a side and {MaxPixels >> 20} megapixels";
        return fault.Length == 0;
    }
}
