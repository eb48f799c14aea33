using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// Head pose from one face, by its shape Hopenet-lite (Ruiz et al. 2018, "Fine-grained head pose estimation without keypoints"): per angle 66 bins of
/// 3 degrees from -99, of which the softmax expectation is taken. Thread-safe.
/// </summary>
internal sealed class HeadPoseEstimator
{
    private const int Side = 224;
    private const int BinCount = 66;
    private const double BinDegrees = 3;
    private const double FirstBinDegrees = -99;

    // The box grown by a quarter to each side: what the package's demo cuts out, near Hopenet's own training crops.
    private const double Margin = 0.25;

    // What the model says of a head that faces the camera, found with 118 portraits and their mirror images: true yaw and roll change sign in a mirror, a bias does
    // not (yaw -1.6 +- 1.1, roll -1.4 +- 0.4 degrees). A mirror tells nothing of pitch; -5 is the mean over the same portraits and over 75 frames of talking heads.
    private const double YawBiasDegrees = -1.6;
    private const double PitchBiasDegrees = -5;
    private const double RollBiasDegrees = -1.4;

    // ImageNet's, as in torchvision.
    private static readonly PixelEncoding Encoding = PixelEncoding.Standardised(planar: true, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225));

    private readonly VisionModel _model;

    internal HeadPoseEstimator(InferencePool pool, PreparedModel model) =>
        _model = new VisionModel(pool, model, "input", new RowShape(3, Side, Side), ("output", BinCount), ("617", BinCount), ("618", BinCount));

    internal ModelIdentity Model => _model.Identity;

    internal async ValueTask<(RunOutcome Outcome, HeadPose Pose)> EstimateAsync(
        RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken)
    {
        using var run = _model.Begin();
        PictureSampler.Sample(picture, CropOf(picture, face.Box), Side, Side, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed)
            return (outcome, default);
        // The model's yaw grows to the person's right (correlation with the nose's place between the eyes: -0.96 over 92 faces); ours grows to the left.
        return (outcome, new HeadPose(
            YawBiasDegrees - Expectation(run.Output(0)), Expectation(run.Output(1)) - PitchBiasDegrees, Expectation(run.Output(2)) - RollBiasDegrees));
    }

    /// <summary>The grown box stretched to a square.</summary>
    private static AffineMap CropOf(RgbPicture picture, FaceRectangle box)
    {
        var width = box.Width * (1 + (2 * Margin)) * picture.Width;
        var height = box.Height * (1 + (2 * Margin)) * picture.Height;
        return new AffineMap(
            width / Side, 0, (box.Center.X * picture.Width) - (width / 2), 0, height / Side, (box.Center.Y * picture.Height) - (height / 2));
    }

    private static double Expectation(ReadOnlySpan<float> logits)
    {
        var largest = double.MinValue;
        foreach (var logit in logits)
            largest = Math.Max(largest, logit);
        double sum = 0, weighted = 0;
        for (var bin = 0; bin < logits.Length; bin++)
        {
            var weight = Math.Exp(logits[bin] - largest);
            sum += weight;
            weighted += weight * bin;
        }

        return (BinDegrees * weighted / sum) + FirstBinDegrees;
    }
}
