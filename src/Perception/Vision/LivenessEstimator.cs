using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// Says from one picture whether a face lives or is shown on paper or a screen: a small network over the face and what surrounds it, by its shape of the family of MiniFASNet
/// (Silent-Face-Anti-Spoofing); the package does not say so. One picture tells little: see the model's card for what was measured. Thread-safe.
/// </summary>
internal sealed class LivenessEstimator
{
    private const int Side = 128;
    private const int ClassCount = 3;

    // What lies around a face gives a print's edge or a screen's frame away; the package's demo grows the box to 2.7 times its size.
    private const double Growth = 2.7;

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: true, 1, 0);

    private readonly VisionModel _model;

    internal LivenessEstimator(InferencePool pool, PreparedModel model) =>
        _model = new VisionModel(pool, model, "input", new RowShape(3, Side, Side), ("output", ClassCount));

    internal ModelIdentity Model => _model.Identity;

    /// <returns>The probability that it lives; without meaning where the run was not completed.</returns>
    internal async ValueTask<(RunOutcome Outcome, double Probability)> EstimateAsync(
        RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken)
    {
        using var run = _model.Begin();
        PictureSampler.Sample(picture, CropOf(picture, face.Box), Side, Side, Encoding, run.Input);
        PutBlueFirst(run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        return outcome == RunOutcome.Completed ? (outcome, SoftmaxOfFirst(run.Output(0))) : (outcome, 0);
    }

    /// <summary>
    /// A square around the face, moved inside the picture where it would stand out, and made smaller where it does not fit: what lies outside is black to the model, and
    /// black edges look like a screen's.
    /// </summary>
    internal static AffineMap CropOf(RgbPicture picture, FaceRectangle box)
    {
        var (width, height) = (box.Width * picture.Width, box.Height * picture.Height);
        var side = Math.Min(Math.Max(width, height) * Growth, Math.Min(picture.Width, picture.Height));
        var left = Math.Clamp((box.Center.X * picture.Width) - (side / 2), 0, picture.Width - side);
        var top = Math.Clamp((box.Center.Y * picture.Height) - (side / 2), 0, picture.Height - side);
        return new AffineMap(side / Side, 0, left, 0, side / Side, top);
    }

    /// <summary>As OpenCV reads pictures: 20 of 23 real faces are found alive so, 16 with red first (models/cards/face-liveness.md).</summary>
    private static void PutBlueFirst(Span<float> planes)
    {
        var red = planes[..(Side * Side)];
        var blue = planes[(2 * Side * Side)..];
        for (var i = 0; i < red.Length; i++)
            (red[i], blue[i]) = (blue[i], red[i]);
    }

    private static double SoftmaxOfFirst(ReadOnlySpan<float> logits)
    {
        var largest = Math.Max(logits[0], Math.Max(logits[1], logits[2]));
        var first = Math.Exp(logits[0] - largest);
        return first / (first + Math.Exp(logits[1] - largest) + Math.Exp(logits[2] - largest));
    }
}
