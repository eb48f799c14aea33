using MediaScore.Inference.Catalog;
using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>MediaPipe's BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047): the picture is fitted into a black square, boxes are offsets from fixed anchors.</summary>
internal sealed class BlazeFaceDetector(PreparedModel model) : IFaceDetector
{
    // Values of a box: centre, size, six landmarks.
    private const int ValuesPerBox = 16;

    // Grids of the anchors and anchors a cell (mediapipe face_detection, SsdAnchorsCalculator with fixed anchor size).
    private static readonly (int Grid, int PerCell)[] AnchorGrids = [(16, 2), (8, 6)];

    private readonly DetectorSession _session = new(model);
    private readonly int _size = (int)model.Description.Number("inputSize");
    private readonly float _smallestScore = (float)model.Description.Number("smallestScore");
    private readonly float _largestOverlap = (float)model.Description.Number("largestOverlap");

    public string Name => model.Id;

    public TimeSpan ModelTime => _session.Elapsed;

    public IReadOnlyList<Detection> Find(SKBitmap picture)
    {
        var scale = (float)_size / Math.Max(picture.Width, picture.Height);
        var outputs = _session.Run(Prepare(picture, scale), 1, _size, _size, 3);
        var found = new List<Detection>();
        for (var level = 0; level < AnchorGrids.Length; level++)
        {
            var (grid, perCell) = AnchorGrids[level];
            var (scores, boxes) = (outputs[level], outputs[level + AnchorGrids.Length]);
            for (var anchor = 0; anchor < scores.Length; anchor++)
            {
                var score = 1 / (1 + MathF.Exp(-scores[anchor]));
                if (score < _smallestScore)
                    continue;
                var cell = anchor / perCell;
                var box = boxes.AsSpan(anchor * ValuesPerBox, ValuesPerBox);
                var centreX = box[0] + (((cell % grid) + 0.5f) * _size / grid);
                var centreY = box[1] + (((cell / grid) + 0.5f) * _size / grid);
                found.Add(new Detection(
                    (centreX - (box[2] / 2)) / scale, (centreY - (box[3] / 2)) / scale, (centreX + (box[2] / 2)) / scale, (centreY + (box[3] / 2)) / scale, score));
            }
        }

        return Detection.Suppress(found, _largestOverlap);
    }

    public void Dispose() => _session.Dispose();

    private float[] Prepare(SKBitmap picture, float scale)
    {
        using var square = new SKBitmap(new SKImageInfo(_size, _size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(square))
        {
            canvas.Clear(SKColors.Black);
            using var image = SKImage.FromBitmap(picture);
            canvas.DrawImage(image, new SKRect(0, 0, picture.Width * scale, picture.Height * scale), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }

        return [.. square.Pixels.SelectMany(pixel => (float[])[(pixel.Red / 127.5f) - 1, (pixel.Green / 127.5f) - 1, (pixel.Blue / 127.5f) - 1])];
    }
}
