using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// <c>fr_detect</c>: an Ultra-Light-Fast-Generic-Face-Detector, RFB, by its shape (4,420 priors); the package states no origin. The picture is stretched to
/// 320 x 240; scores are probabilities and boxes are decoded inside the graph. No landmarks.
/// </summary>
internal sealed class Rfb320Detector : FaceDetector
{
    private const int Width = 320;
    private const int Height = 240;
    private const int PriorCount = 4420;

    // The package's own demo: prob_threshold 0.65, iou_threshold 0.4.
    private const double MinScore = 0.65;
    private const double MaxOverlap = 0.4;

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: true, 1 / 128.0, -127 / 128.0);

    private readonly VisionModel _model;

    internal Rfb320Detector(InferencePool pool, PreparedModel model) =>
        _model = new VisionModel(pool, model, "input", new RowShape(3, Height, Width), ("scores", PriorCount * 2), ("boxes", PriorCount * 4));

    public override ModelIdentity Model => _model.Identity;

    public override async ValueTask<(RunOutcome Outcome, IReadOnlyList<DetectedFace> Faces)> DetectAsync(
        RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        using var run = _model.Begin();
        PictureSampler.Sample(picture, AffineMap.Stretch(Width, Height, picture.Width, picture.Height), Width, Height, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        return outcome == RunOutcome.Completed
            ? (outcome, Order(FaceSuppression.Keep(Decode(run.Output(0), run.Output(1)), MaxOverlap)))
            : (outcome, []);
    }

    private static List<DetectedFace> Decode(ReadOnlySpan<float> scores, ReadOnlySpan<float> boxes)
    {
        var candidates = new List<DetectedFace>();
        for (var prior = 0; prior < PriorCount; prior++)
        {
            double score = scores[(2 * prior) + 1]; // Class 0 is the background.
            if (score < MinScore)
                continue;
            var box = boxes.Slice(4 * prior, 4);
            candidates.Add(new DetectedFace(new FaceRectangle(box[0], box[1], box[2], box[3]), score, []));
        }

        return candidates;
    }
}
