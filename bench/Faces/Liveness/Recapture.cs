using MediaScore.Perception.Vision;

namespace MediaScore.Benchmarks.Faces.Liveness;

/// <summary>
/// Pictures of pictures by arithmetic: fewer tones, a second blur, an edge or the beat of a screen's stripes, a sensor's noise. Simulated, no proof of what a real print or
/// screen before a real camera would get: the test media have none.
/// </summary>
internal static class Recapture
{
    private const int SceneWidth = 640;
    private const int SceneHeight = 480;

    // A portrait's face is 140 pixels high then, and what the model sees of it (2.7 times) reaches over the edge of what is shown.
    private const int MaxShownWidth = 560;
    private const int MaxShownHeight = 320;

    private const int Margin = 16;
    private const float Wall = 118;
    private const float Sheet = 226;
    private const float Frame = 14;

    // Paper is never black and never as white as a lamp; of a screen at some distance much the same.
    private const float PaperBlack = 38;
    private const float PaperRange = 180;
    private const float ScreenBlack = 14;
    private const float ScreenRange = 217;

    // Stripes of 2.3 pixels are too fine for a camera: it sees their beat with its own. A little askew, as nobody holds a telephone straight.
    private const float StripePixels = 2.3f;
    private const float AskewPixels = 31;
    private const float StripeDepth = 0.18f;

    // Of a webcam in a room: 4 levels from least to most.
    private const float NoiseLevels = 4;
    private const int NoiseSeed = 7;

    // A screen's white is bluer than a room's.
    private static readonly float[] ScreenTint = [0.95f, 1, 1.06f];

    private static readonly PixelEncoding Unchanged = PixelEncoding.Uniform(planar: false, 1, 0);

    /// <returns><paramref name="photo"/> itself for <see cref="Presentation.Real"/>.</returns>
    public static RgbPicture Show(RgbPicture photo, Presentation presentation)
    {
        if (presentation == Presentation.Real)
            return photo;
        if (presentation == Presentation.ClosePrint)
        {
            var print = Reproduce(photo, photo.Width, photo.Height, presentation);
            return Sense(Soften(Soften(print, photo.Width, photo.Height), photo.Width, photo.Height), photo.Width, photo.Height);
        }

        var scale = Math.Min((double)MaxShownWidth / photo.Width, (double)MaxShownHeight / photo.Height);
        var (width, height) = (Math.Max(1, (int)(photo.Width * scale)), Math.Max(1, (int)(photo.Height * scale)));
        var scene = Place(Reproduce(photo, width, height, presentation), width, height, presentation == Presentation.Screen ? Frame : Sheet);
        return Sense(Soften(scene, SceneWidth, SceneHeight), SceneWidth, SceneHeight);
    }

    /// <summary>The photo at that size in the tones of paper or of a screen.</summary>
    private static float[] Reproduce(RgbPicture photo, int width, int height, Presentation presentation)
    {
        var shown = new float[width * height * 3];
        PictureSampler.Sample(photo, AffineMap.Stretch(width, height, photo.Width, photo.Height), width, height, Unchanged, shown);
        for (var at = 0; at < shown.Length; at++)
        {
            shown[at] = presentation == Presentation.Screen
                ? OnScreen(shown[at], at % 3, at / 3 % width, at / 3 / width)
                : PaperBlack + (shown[at] / 255 * PaperRange);
        }

        return shown;
    }

    private static float OnScreen(float value, int channel, int x, int y)
    {
        // Red, green and blue stripes stand beside each other, a third apart.
        var turns = (x / StripePixels) + (y / AskewPixels) + (channel / 3f);
        return (ScreenBlack + (value / 255 * ScreenRange)) * ScreenTint[channel] * (1 + (StripeDepth * MathF.Sin(2 * MathF.PI * turns)));
    }

    /// <summary>In the middle of a gray wall, with an edge round it.</summary>
    private static float[] Place(float[] shown, int width, int height, float edge)
    {
        var scene = new float[SceneWidth * SceneHeight * 3];
        Array.Fill(scene, Wall);
        var (left, top) = ((SceneWidth - width) / 2, (SceneHeight - height) / 2);
        for (var y = top - Margin; y < top + height + Margin; y++)
            Array.Fill(scene, edge, ((y * SceneWidth) + left - Margin) * 3, (width + (2 * Margin)) * 3);
        for (var y = 0; y < height; y++)
            shown.AsSpan(y * width * 3, width * 3).CopyTo(scene.AsSpan((((top + y) * SceneWidth) + left) * 3));
        return scene;
    }

    /// <summary>Weights 1, 2, 1 across and down: a lens that is not quite in focus.</summary>
    private static float[] Soften(float[] picture, int width, int height)
    {
        var across = new float[picture.Length];
        for (var at = 0; at < picture.Length; at++)
        {
            var x = at / 3 % width;
            across[at] = (picture[x > 0 ? at - 3 : at] + (2 * picture[at]) + picture[x < width - 1 ? at + 3 : at]) / 4;
        }

        var line = width * 3;
        var softened = new float[picture.Length];
        for (var at = 0; at < picture.Length; at++)
            softened[at] = (across[at >= line ? at - line : at] + (2 * across[at]) + across[at < (height - 1) * line ? at + line : at]) / 4;
        return softened;
    }

    /// <summary>With a sensor's noise, the same each time.</summary>
    private static RgbPicture Sense(float[] picture, int width, int height)
    {
        var random = new Random(NoiseSeed);
        return new RgbPicture(Array.ConvertAll(picture, value => (byte)Math.Clamp(value + ((random.NextSingle() - 0.5f) * NoiseLevels), 0f, 255f)), width, height);
    }
}
