using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>One photographed face of a chosen size at a chosen place of an otherwise gray interview picture: recall by size, with the place known.</summary>
internal static class PlacedFaces
{
    public const int Width = 640;
    public const int Height = 360;

    // LFW's faces were cut so that the face fills about 44 % of the photograph's height.
    private const float FaceShare = 0.44f;

    // Places of the photograph's centre, as shares of the picture.
    private static readonly (float X, float Y)[] Places = [(0.5f, 0.5f), (0.25f, 0.4f), (0.8f, 0.6f)];

    public static void Report(string folder, int faceHeight, IReadOnlyList<IFaceDetector> detectors)
    {
        var files = Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order().ToList();
        var found = new int[detectors.Count];
        var extra = new int[detectors.Count];
        foreach (var file in files)
        {
            using var photograph = PhotographSets.Read(file);
            foreach (var (x, y) in Places)
            {
                var side = faceHeight / FaceShare;
                using var picture = Place(photograph, x * Width, y * Height, side);
                for (var index = 0; index < detectors.Count; index++)
                {
                    var faces = detectors[index].Find(picture);
                    // Within a quarter of the photograph from its centre.
                    var right = faces.Count(face => Math.Abs(face.CentreX - (x * Width)) < side / 4 && Math.Abs(face.CentreY - (y * Height)) < side / 4);
                    found[index] += Math.Min(right, 1);
                    extra[index] += faces.Count - Math.Min(right, 1);
                }
            }
        }

        Console.WriteLine($"| face of {faceHeight} px in 640 x 360 | {files.Count * Places.Length} | {string.Join(" | ", found.Zip(extra, (right, wrong) => $"{right}, {wrong}"))} |");
    }

    private static SKBitmap Place(SKBitmap photograph, float x, float y, float side)
    {
        var picture = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        canvas.Clear(SKColors.Gray);
        using var image = SKImage.FromBitmap(photograph);
        canvas.DrawImage(image, SKRect.Create(x - (side / 2), y - (side / 2), side, side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return picture;
    }
}
