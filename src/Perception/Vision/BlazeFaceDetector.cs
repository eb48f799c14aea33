using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// BlazeFace, back-camera version (Bazarevsky et al. 2019; MediaPipe, Apache-2.0): 256 x 256 pixels in, 896 anchors out, each with a score, a box and six
/// landmarks. The picture is letterboxed, so faces keep their shape.
/// </summary>
internal sealed class BlazeFaceDetector : FaceDetector
{
    private const int Side = 256;
    private const int ValueCount = 16; // Centre, size, six points.

    // Between MediaPipe's own 0.5 (front camera) and 0.65 (back): at 0.5 one face in twenty of small grey pictures is found twice, at 0.6 faces under 25 pixels are
    // lost (docs/decisions/0003 has the table).
    private const double MinScore = 0.55;

    // MediaPipe's min_suppression_threshold.
    private const double MaxOverlap = 0.3;

    // Grid side and anchors a cell of the two outputs: strides 16 and 32, MediaPipe's ssd_anchors_calculator.
    private static readonly (int Grid, int PerCell)[] Layers = [(16, 2), (8, 6)];

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: false, 2 / 255.0, -1);

    private readonly VisionModel _model;

    internal BlazeFaceDetector(InferencePool pool, PreparedModel model) => _model = new VisionModel(
        pool, model, "input", new RowShape(Side, Side, 3), ("Identity", 512), ("Identity_1", 384), ("Identity_2", 512 * ValueCount), ("Identity_3", 384 * ValueCount));

    public override ModelIdentity Model => _model.Identity;

    public override async ValueTask<(RunOutcome Outcome, IReadOnlyList<DetectedFace> Faces)> DetectAsync(
        RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        using var run = _model.Begin();
        var longer = Math.Max(picture.Width, picture.Height);
        var toPicture = AffineMap.Crop(picture.Width / 2.0, picture.Height / 2.0, longer, angle: 0, Side);
        PictureSampler.Sample(picture, toPicture, Side, Side, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed)
            return (outcome, []);
        var candidates = new List<DetectedFace>();
        for (var layer = 0; layer < Layers.Length; layer++)
            Decode(run.Output(layer), run.Output(layer + Layers.Length), Layers[layer].Grid, Layers[layer].PerCell, toPicture, picture, candidates);
        return (outcome, Order(FaceSuppression.Blend(candidates, MaxOverlap)));
    }

    private static void Decode(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> values, int grid, int perCell, AffineMap toPicture, RgbPicture picture, List<DetectedFace> candidates)
    {
        for (var anchor = 0; anchor < scores.Length; anchor++)
        {
            var score = 1 / (1 + Math.Exp(-Math.Clamp(scores[anchor], -100, 100)));
            if (score < MinScore)
                continue;
            var cell = anchor / perCell;
            var anchorX = ((cell % grid) + 0.5) * Side / grid;
            var anchorY = ((cell / grid) + 0.5) * Side / grid;
            var value = values.Slice(anchor * ValueCount, ValueCount);
            var (centerX, centerY, width, height) = (anchorX + value[0], anchorY + value[1], value[2], value[3]);
            var upperLeft = Point(centerX - (width / 2), centerY - (height / 2));
            var lowerRight = Point(centerX + (width / 2), centerY + (height / 2));
            var landmarks = new FacePoint[6];
            for (var i = 0; i < landmarks.Length; i++)
                landmarks[i] = Point(anchorX + value[4 + (2 * i)], anchorY + value[5 + (2 * i)]);
            candidates.Add(new DetectedFace(new FaceRectangle(upperLeft.X, upperLeft.Y, lowerRight.X, lowerRight.Y), score, landmarks));
        }

        FacePoint Point(double x, double y)
        {
            var (pictureX, pictureY) = toPicture.Apply(x, y);
            return new FacePoint(pictureX / picture.Width, pictureY / picture.Height);
        }
    }
}
