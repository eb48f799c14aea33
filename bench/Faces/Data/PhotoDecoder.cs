using MediaScore.Codecs.Video;
using MediaScore.Perception.Vision;

namespace MediaScore.Benchmarks.Faces.Data;

/// <summary>Reads a photo with the decoders that an enrolment reads it with.</summary>
internal sealed class PhotoDecoder : IDisposable
{
    // EnrolmentPicture's; no photo of the set is wider.
    private const int MaxWidth = 1280;

    private readonly VideoKeyFrameDecoder _decoder = new();

    /// <exception cref="InvalidDataException">Neither a JPEG nor a PNG picture, or a damaged one.</exception>
    public RgbPicture Decode(string path)
    {
        var bytes = File.ReadAllBytes(path);
        // By what it is: some files of the set are PNG pictures under a JPEG's name.
        var isJpeg = bytes is [0xFF, 0xD8, ..];
        if (!_decoder.TryDecode(isJpeg ? VideoCodec.Jpeg : VideoCodec.Png, bytes, MaxWidth, out var decoded, out var error))
            throw new InvalidDataException($"{path}: {error}");
        using var upright = isJpeg ? PictureOrientation.Apply(decoded, PictureOrientation.OfJpeg(bytes)) : decoded;
        return new RgbPicture(upright.Rgb24.ToArray(), upright.Width, upright.Height);
    }

    public void Dispose() => _decoder.Dispose();
}
