using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// MediaPipe's iris model (Ablavatski et al. 2020, Apache-2.0) on both eyes of a face mesh. As converted it knows the person's right eye; the left one is shown
/// to it mirrored (over 92 faces its eye corners then miss the mesh's by 0.17 of the eye's width, the other way round by 0.27). Thread-safe.
/// </summary>
internal sealed class IrisEstimator
{
    private const int Side = 64;
    private const int PointCount = 76;
    private const int IrisCenter = 71; // After 71 points of the lids; 4 points of the iris' rim follow.

    // MediaPipe's iris_landmark_landmarks_to_roi: the eye's width (corner to corner) by 2.3.
    private const double CropFactor = 2.3;

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: false, 1 / 255.0, 0);

    private readonly VisionModel _model;

    internal IrisEstimator(InferencePool pool, PreparedModel model) =>
        _model = new VisionModel(pool, model, "input_1", new RowShape(Side, Side, 3), ("Identity", PointCount * 3));

    internal ModelIdentity Model => _model.Identity;

    internal async ValueTask<(RunOutcome Outcome, EyeGaze? Gaze)> EstimateAsync(
        RgbPicture picture, FacePoint[] mesh, RequestClass requestClass, CancellationToken cancellationToken)
    {
        // Both eyes at once: they may share a batch.
        var right = OneAsync(picture, Eye.Right(picture, mesh), requestClass, cancellationToken);
        var (leftOutcome, left) = await OneAsync(picture, Eye.Left(picture, mesh), requestClass, cancellationToken);
        var (rightOutcome, other) = await right;
        if (leftOutcome != RunOutcome.Completed || rightOutcome != RunOutcome.Completed)
            return (leftOutcome != RunOutcome.Completed ? leftOutcome : rightOutcome, null);
        return (RunOutcome.Completed, left is null || other is null
            ? null
            : new EyeGaze((left.Value.OffsetLeft + other.Value.OffsetLeft) / 2, (left.Value.OffsetUp + other.Value.OffsetUp) / 2));
    }

    private async Task<(RunOutcome Outcome, EyeGaze? Gaze)> OneAsync(RgbPicture picture, Eye eye, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (eye.Width < 1)
            return (RunOutcome.Completed, null);
        using var run = _model.Begin();
        var map = AffineMap.Crop(eye.CenterX, eye.CenterY, CropFactor * eye.Width, eye.Angle, Side, eye.Mirrored);
        PictureSampler.Sample(picture, map, Side, Side, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed)
            return (outcome, null);
        var (x, y) = map.Apply(run.Output(0)[3 * IrisCenter], run.Output(0)[(3 * IrisCenter) + 1]);
        return (outcome, eye.OffsetOf(x, y));
    }

    /// <summary>An eye between its corners, in pixels of the picture.</summary>
    private readonly record struct Eye(double CenterX, double CenterY, double Width, double Angle, bool Mirrored)
    {
        // Corner points of the canonical face model: outer and inner.
        internal static Eye Right(RgbPicture picture, FacePoint[] mesh) => Between(picture, mesh[33], mesh[133], mirrored: false);

        internal static Eye Left(RgbPicture picture, FacePoint[] mesh) => Between(picture, mesh[362], mesh[263], mirrored: true);

        /// <summary>Offset of the iris' centre from the middle between the corners, along and across their line.</summary>
        internal EyeGaze OffsetOf(double x, double y)
        {
            var (sin, cos) = Math.SinCos(Angle);
            var (dx, dy) = ((x - CenterX) / Width, (y - CenterY) / Width);
            // The picture is not mirrored: its right is the person's left.
            return new EyeGaze((dx * cos) + (dy * sin), (dx * sin) - (dy * cos));
        }

        /// <param name="from">The corner further left in the picture.</param>
        private static Eye Between(RgbPicture picture, FacePoint from, FacePoint to, bool mirrored)
        {
            var (dx, dy) = ((to.X - from.X) * picture.Width, (to.Y - from.Y) * picture.Height);
            return new Eye(
                (from.X + to.X) / 2 * picture.Width, (from.Y + to.Y) / 2 * picture.Height, Math.Sqrt((dx * dx) + (dy * dy)), Math.Atan2(dy, dx), mirrored);
        }
    }
}
