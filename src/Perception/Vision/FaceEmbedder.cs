using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// Turns a face into a direction of 512 dimensions whose cosine with another's says how likely both are one person (ArcFace-like, by its shape; the weights'
/// origin is not stated, see the model's card). Biometric data: only where identity is permitted. Thread-safe.
/// </summary>
public sealed class FaceEmbedder
{
    /// <summary>Values of one embedding.</summary>
    public const int Dimensions = 512;

    private const int Side = 112;

    // ArcFace's alignment template (Deng et al. 2019, insightface): eyes, nose tip, mouth corners in a 112 x 112 crop. Half a pixel is added because here a pixel's
    // centre lies at .5.
    private static readonly (double X, double Y)[] Template = [(38.79, 52.20), (74.03, 52.00), (56.53, 72.24), (42.05, 92.87), (71.23, 92.70)];

    private static readonly PixelEncoding Encoding = PixelEncoding.Uniform(planar: true, 1 / 128.0, -127 / 128.0);

    private readonly VisionModel _model;
    private readonly FaceMeshEstimator _mesh;

    /// <summary>Loads the embedder and the face mesh that aligns for it.</summary>
    /// <exception cref="ModelUnavailableException">A model is missing or altered; the message names the cure.</exception>
    public FaceEmbedder(InferencePool pool, PreparedModels models)
        : this(pool, models.Get("face-embedder"), new FaceMeshEstimator(pool, models.Get("face-mesh")))
    {
    }

    internal FaceEmbedder(InferencePool pool, PreparedModel model, FaceMeshEstimator mesh)
    {
        _model = new VisionModel(pool, model, "input", new RowShape(3, Side, Side), ("output", Dimensions));
        _mesh = mesh;
    }

    public ModelIdentity Model => _model.Identity;

    /// <summary>Embeds one detected face.</summary>
    /// <returns>
    /// <see cref="Dimensions"/> values of unit length, the caller's own; empty where the run was not completed, or where the mesh finds no face to align.
    /// </returns>
    public async ValueTask<(RunOutcome Outcome, ReadOnlyMemory<float> Embedding)> EmbedAsync(
        RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        var (outcome, mesh) = await _mesh.EstimateAsync(picture, face, requestClass, cancellationToken);
        return mesh is null ? (outcome, default) : await EmbedAsync(picture, mesh, requestClass, cancellationToken);
    }

    internal async ValueTask<(RunOutcome Outcome, ReadOnlyMemory<float> Embedding)> EmbedAsync(
        RgbPicture picture, FacePoint[] mesh, RequestClass requestClass, CancellationToken cancellationToken)
    {
        using var run = _model.Begin();
        PictureSampler.Sample(picture, AlignmentOf(picture, mesh), Side, Side, Encoding, run.Input);
        var outcome = await run.ExecuteAsync(requestClass, cancellationToken);
        return outcome == RunOutcome.Completed ? (outcome, Normalised(run.Output(0))) : (outcome, default);
    }

    /// <summary>Crop to picture: eyes (mean of both corners), nose tip and mouth corners of the mesh brought nearest to the template.</summary>
    internal static AffineMap AlignmentOf(RgbPicture picture, FacePoint[] mesh)
    {
        Span<(double X, double Y)> points = [Between(33, 133), Between(362, 263), At(1), At(61), At(291)];
        return AffineMap.FitSimilarity(Template, points);

        (double X, double Y) At(int point) => (mesh[point].X * picture.Width, mesh[point].Y * picture.Height);

        (double X, double Y) Between(int first, int second)
        {
            var ((x1, y1), (x2, y2)) = (At(first), At(second));
            return ((x1 + x2) / 2, (y1 + y2) / 2);
        }
    }

    private static float[] Normalised(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += (double)value * value;
        var scale = sum > 0 ? 1 / Math.Sqrt(sum) : 0;
        var normalised = new float[values.Length];
        for (var i = 0; i < normalised.Length; i++)
            normalised[i] = (float)(values[i] * scale);
        return normalised;
    }
}
