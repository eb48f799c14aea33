using MediaScore.Codecs.Video;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>A picture file as the models take it. Its size is read and bounded before a pixel is decoded.</summary>
internal sealed class EnrolmentPicture : IDisposable
{
    // A portrait's face is a third of its width: four times what the embedder takes, and a picture of it is two megabytes.
    private const int DecodedWidth = 1280;

    private readonly DecodedPicture _decoded;

    private EnrolmentPicture(DecodedPicture decoded) => _decoded = decoded;

    /// <summary>Valid until <see cref="Dispose"/>.</summary>
    public RgbPicture Picture => new(_decoded.Rgb24, _decoded.Width, _decoded.Height);

    /// <param name="refusal">Why there is none; null with a picture.</param>
    public static EnrolmentPicture? TryOpen(ReadOnlySpan<byte> file, int maxMegapixels, out EnrolmentResult? refusal)
    {
        if (file.Length > VideoKeyFrameDecoder.MaxAccessUnitBytes)
        {
            refusal = EnrolmentResult.Refused(EnrolmentCode.PictureTooLarge, $"The picture has {file.Length / 1e6:0.0} MB; send one of at most {VideoKeyFrameDecoder.MaxAccessUnitBytes >> 20} MB.");
            return null;
        }

        if (CodecOf(file) is not { } codec)
        {
            refusal = EnrolmentResult.Refused(EnrolmentCode.UnreadablePicture, "This file is neither a JPEG nor a PNG picture. Save it as one of them.");
            return null;
        }

        if (!KeyFrameInspector.TryInspect(codec, file, out var info, out var error))
        {
            refusal = Damaged(error);
            return null;
        }

        if (info.Width > VideoKeyFrameDecoder.MaxDimension || info.Height > VideoKeyFrameDecoder.MaxDimension || (long)info.Width * info.Height > maxMegapixels * 1_000_000L)
        {
            refusal = EnrolmentResult.Refused(
                EnrolmentCode.PictureTooLarge,
                $"The picture has {info.Width} x {info.Height} pixels; send one of at most {maxMegapixels} megapixels and {VideoKeyFrameDecoder.MaxDimension} pixels a side.");
            return null;
        }

        using var decoder = new VideoKeyFrameDecoder();
        if (!decoder.TryDecode(codec, file, DecodedWidth, out var decoded, out error))
        {
            refusal = Damaged(error);
            return null;
        }

        refusal = null;
        // Detectors find no face that lies on its side.
        return new EnrolmentPicture(codec == VideoCodec.Jpeg ? PictureOrientation.Apply(decoded, PictureOrientation.OfJpeg(file)) : decoded);
    }

    public void Dispose() => _decoded.Dispose();

    private static EnrolmentResult Damaged(string? error) =>
        EnrolmentResult.Refused(EnrolmentCode.UnreadablePicture, "This picture is damaged. Save it again, or take another one.", error ?? "");

    private static VideoCodec? CodecOf(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => VideoCodec.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => VideoCodec.Png,
        _ => null,
    };
}
