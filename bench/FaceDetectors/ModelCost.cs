using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>Time of one run on a picture of an interview's size.</summary>
internal static class ModelCost
{
    // The fastest of so many runs is the model's own time, also on a machine that does other work.
    private const int RunCount = 101;

    public static double Milliseconds(IFaceDetector detector)
    {
        using var picture = new SKBitmap(PlacedFaces.Width, PlacedFaces.Height);
        detector.Find(picture);
        var fastest = double.PositiveInfinity;
        for (var run = 0; run < RunCount; run++)
        {
            var before = detector.ModelTime;
            detector.Find(picture);
            fastest = Math.Min(fastest, (detector.ModelTime - before).TotalMilliseconds);
        }

        return fastest;
    }
}
