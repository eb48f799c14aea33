using System.Buffers;

namespace MediaScore.Perception.Vision;

/// <summary>What the pixels of a picture, or of a part of it, say about light and focus.</summary>
/// <param name="Brightness">Mean luma (BT.601), 0 to 1.</param>
/// <param name="Sharpness">Variance of the 4-neighbour Laplacian of luma (0 to 255), border left out (Pech-Pacheco et al. 2000).</param>
internal readonly record struct LumaMeasures(double Brightness, double Sharpness)
{
    // Mean of the portraits that PictureQuality's bounds come from.
    private const double UsualBrightness = 0.36;

    private static readonly PixelEncoding Unchanged = PixelEncoding.Uniform(planar: false, 1, 0);

    /// <summary>What <see cref="Sharpness"/> would be in usual light: a picture at half the light has a quarter of the variance without being less sharp.</summary>
    internal double SharpnessAtUsualLight
    {
        get
        {
            var light = Math.Clamp(Brightness / UsualBrightness, 0.1, 1);
            return Sharpness / (light * light);
        }
    }

    /// <param name="toPicture">Where each point of the measured <paramref name="width"/> x <paramref name="height"/> lies in the picture.</param>
    internal static LumaMeasures Of(RgbPicture picture, AffineMap toPicture, int width, int height)
    {
        // Rented: a megabyte a picture would be a large object each time, 50 a second at a hundred interviews.
        var rentedPixels = ArrayPool<float>.Shared.Rent(width * height * 3);
        var rentedLuma = ArrayPool<float>.Shared.Rent(width * height);
        var pixels = rentedPixels.AsSpan(0, width * height * 3);
        var luma = rentedLuma.AsSpan(0, width * height);
        PictureSampler.Sample(picture, toPicture, width, height, Unchanged, pixels);
        var sum = 0.0;
        for (var i = 0; i < luma.Length; i++)
        {
            var rgb = pixels.Slice(3 * i, 3);
            luma[i] = (0.299f * rgb[0]) + (0.587f * rgb[1]) + (0.114f * rgb[2]);
            sum += luma[i];
        }

        var measures = new LumaMeasures(sum / luma.Length / 255, LaplacianVariance(luma, width, height));
        ArrayPool<float>.Shared.Return(rentedPixels);
        ArrayPool<float>.Shared.Return(rentedLuma);
        return measures;
    }

    private static double LaplacianVariance(ReadOnlySpan<float> luma, int width, int height)
    {
        double sum = 0, squares = 0;
        var count = 0;
        for (var y = 1; y < height - 1; y++)
        {
            var line = luma.Slice(y * width, width);
            var above = luma.Slice((y - 1) * width, width);
            var below = luma.Slice((y + 1) * width, width);
            for (var x = 1; x < line.Length - 1; x++)
            {
                double value = line[x - 1] + line[x + 1] + above[x] + below[x] - (4 * line[x]);
                sum += value;
                squares += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : (squares / count) - (sum / count * (sum / count));
    }
}
