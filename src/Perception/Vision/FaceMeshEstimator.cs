using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// MediaPipe's face mesh (Kartynnik et al. 2019, Apache-2.0): 468 points on one face, in shares of the picture. Point numbers are MediaPipe's
/// (canonical_face_model). Thread-safe.
/// </summary>
internal sealed class FaceMeshEstimator
{
    internal const int PointCount = 468;

    private const int Side = 192;

    // MediaPipe's face_detection_front_detection_to_roi: the box grown by half, squared on its longer side, turned so that the eyes lie level.
    private const double CropFactor = 1.5;

    // MediaPipe's min_tracking_confidence: under it the crop holds no face.
    private const double MinPresence = 0.5;

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: false, 1 / 255.0, 0);

    private readonly VisionModel _model;

    internal FaceMeshEstimator(InferencePool pool, PreparedModel model) =>
        _model = new VisionModel(pool, model, "input_1", new RowShape(Side, Side, 3), ("Identity_1", 1), ("Identity_2", PointCount * 3));

    internal ModelIdentity Model => _model.Identity;

    /// <returns>Null points where the crop holds no face that the mesh fits, or where the run was not completed.</returns>
    internal async ValueTask<(RunOutcome Outcome, FacePoint[]? Points)> EstimateAsync(
        RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken)
    {
        using var run = _model.Begin();
        var map = CropOf(picture, face);
        PictureSampler.Sample(picture, map, Side, Side, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed || 1 / (1 + Math.Exp(-run.Output(0)[0])) < MinPresence)
            return (outcome, null);
        var points = new FacePoint[PointCount];
        for (var i = 0; i < PointCount; i++)
        {
            var (x, y) = map.Apply(run.Output(1)[3 * i], run.Output(1)[(3 * i) + 1]);
            points[i] = new FacePoint(x / picture.Width, y / picture.Height);
        }

        return (outcome, points);
    }

    private static AffineMap CropOf(RgbPicture picture, DetectedFace face)
    {
        var side = CropFactor * Math.Max(face.Box.Width * picture.Width, face.Box.Height * picture.Height);
        var angle = 0.0;
        if (face.Landmarks.Count >= 2)
        {
            // From the person's right eye, which is left in the picture, to the left one.
            var (right, left) = (face.Landmarks[0], face.Landmarks[1]);
            angle = Math.Atan2((left.Y - right.Y) * picture.Height, (left.X - right.X) * picture.Width);
        }

        return AffineMap.Crop(face.Box.Center.X * picture.Width, face.Box.Center.Y * picture.Height, side, angle, Side);
    }
}
