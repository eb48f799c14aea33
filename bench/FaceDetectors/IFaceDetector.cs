using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>A detector as the product would use it: threshold and suppression of the catalog.</summary>
internal interface IFaceDetector : IDisposable
{
    string Name { get; }

    /// <summary>Time inside the model so far, preparation of the picture not counted.</summary>
    TimeSpan ModelTime { get; }

    IReadOnlyList<Detection> Find(SKBitmap picture);
}
