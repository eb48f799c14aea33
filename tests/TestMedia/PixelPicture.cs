using System.Globalization;
using System.Text;

namespace MediaScore.TestMedia;

/// <summary>Pixels of a file that FFmpeg reads: <c>[Height, Width, 3]</c>, red first.</summary>
public sealed record PixelPicture(int Width, int Height, byte[] Rgb24)
{
    /// <summary>One picture file.</summary>
    /// <param name="filter">An FFmpeg filter on the way, such as <c>hflip</c> or <c>scale=320:-1</c>.</param>
    public static async Task<PixelPicture> ReadAsync(string path, string filter = "null") => (await ReadManyAsync(path, filter))[0];

    /// <summary>Every picture of a video after the filter, such as <c>fps=1</c>.</summary>
    public static async Task<IReadOnlyList<PixelPicture>> ReadManyAsync(string path, string filter)
    {
        // PPM carries each picture's size, so pictures can follow each other in one pipe.
        var bytes = await Ffmpeg.RunAsync(["-i", path, "-vf", filter, "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"], []);
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
