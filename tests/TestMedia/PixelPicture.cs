using System.Globalization;
using System.Text;
using MediaScore.Codecs.Video;

namespace MediaScore.TestMedia;

/// <summary>Pixels of a file that FFmpeg reads: <c>[Height, Width, 3]</c>, red first.</summary>
public sealed record PixelPicture(int Width, int Height, byte[] Rgb24)
{
    /// <summary>One picture file.</summary>
    /// <param name="filter">An FFmpeg filter on the way, such as <c>hflip</c> or <c>scale=320:-1</c>.</param>
    public static async Task<PixelPicture> ReadAsync(string path, string filter = "null") => (await ReadManyAsync(path, filter))[0];

    /// <summary>A JPEG through the product's own decoder, at its own size: no process to start.</summary>
    public static PixelPicture FromJpeg(ReadOnlySpan<byte> jpeg)
    {
        using var decoder = new VideoKeyFrameDecoder();
        if (!decoder.TryDecode(VideoCodec.Jpeg, jpeg, VideoKeyFrameDecoder.MaxDimension, out var picture, out var error))
            throw new InvalidDataException(error);
        using (picture)
            return new PixelPicture(picture.Width, picture.Height, picture.Rgb24.ToArray());
    }

    /// <summary>Every picture of a video after the filter, such as <c>fps=1</c>.</summary>
    public static Task<IReadOnlyList<PixelPicture>> ReadManyAsync(string path, string filter) => ReadAllAsync(["-i", path, "-vf", filter], []);

    /// <summary>Many PNG files of one size, in one run of FFmpeg.</summary>
    public static async Task<IReadOnlyList<PixelPicture>> ReadSequenceAsync(IEnumerable<string> paths)
    {
        using var joined = new MemoryStream();
        foreach (var path in paths)
            joined.Write(await File.ReadAllBytesAsync(path));
        return await ReadAllAsync(["-f", "png_pipe", "-i", "pipe:0"], joined.ToArray());
    }

    private static async Task<IReadOnlyList<PixelPicture>> ReadAllAsync(string[] input, byte[] content)
    {
        // PPM carries each picture's size, so pictures can follow each other in one pipe.
        var bytes = await Ffmpeg.RunAsync([.. input, "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"], content);
        var pictures = new List<PixelPicture>();
        for (var at = 0; at < bytes.Length;)
        {
            var fields = new List<string>();
            while (fields.Count < 4)
            {
                var end = Array.FindIndex(bytes, at, value => value is (byte)' ' or (byte)'\n');
                fields.Add(Encoding.ASCII.GetString(bytes, at, end - at));
                at = end + 1;
            }

            var width = int.Parse(fields[1], CultureInfo.InvariantCulture);
            var height = int.Parse(fields[2], CultureInfo.InvariantCulture);
            pictures.Add(new PixelPicture(width, height, bytes[at..(at + (width * height * 3))]));
            at += width * height * 3;
        }

        return pictures;
    }
}
