using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// Looks at the faces of one picture. Detection is always done; pose, gaze and identity of the largest face where asked for. One for all interviews:
/// thread-safe, no state between pictures, the same answer for the same picture. A model is loaded when a feature that needs it is first asked for, never before.
/// </summary>
public sealed class FaceAnalyzer
{
    private readonly Lazy<FaceDetector> _detector;
    private readonly Lazy<HeadPoseEstimator> _pose;
    private readonly Lazy<FaceMeshEstimator> _mesh;
    private readonly Lazy<IrisEstimator> _iris;
    private readonly Lazy<FaceEmbedder> _embedder;
    private readonly Lazy<LivenessEstimator> _liveness;

    public FaceAnalyzer(InferencePool pool, PreparedModels models, FaceAnalysisOptions options)
    {
        // A failed load is tried again at the next picture: the cure (prepare the models) needs no restart.
        _detector = LoadOnce(() => FaceDetector.Create(options.Detector, pool, models));
        _pose = LoadOnce(() => new HeadPoseEstimator(pool, models.Get("head-pose")));
        _mesh = LoadOnce(() => new FaceMeshEstimator(pool, models.Get("face-mesh")));
        _iris = LoadOnce(() => new IrisEstimator(pool, models.Get("iris")));
        _embedder = LoadOnce(() => new FaceEmbedder(pool, models.Get("face-embedder"), _mesh.Value));
        _liveness = LoadOnce(() => new LivenessEstimator(pool, models.Get("face-liveness")));
    }

    /// <summary>Loads what these features need, so that a missing model shows now and the first picture does not wait.</summary>
    /// <exception cref="ModelUnavailableException">A model is missing or altered; the message names the cure.</exception>
    public void Prepare(FaceFeatures features) => _ = ModelsOf(features);

    /// <summary>The models that these features use, the detector first. Loads them as <see cref="Prepare"/> does.</summary>
    public IReadOnlyList<ModelIdentity> ModelsOf(FaceFeatures features)
    {
        var models = new List<ModelIdentity>();
        if (features != FaceFeatures.None)
            models.Add(_detector.Value.Model);
        if (features.HasFlag(FaceFeatures.Pose))
            models.Add(_pose.Value.Model);
        if ((features & (FaceFeatures.Gaze | FaceFeatures.Identity)) != FaceFeatures.None)
            models.Add(_mesh.Value.Model);
        if (features.HasFlag(FaceFeatures.Gaze))
            models.Add(_iris.Value.Model);
        if (features.HasFlag(FaceFeatures.Identity))
            models.Add(_embedder.Value.Model);
        if (features.HasFlag(FaceFeatures.Liveness))
            models.Add(_liveness.Value.Model);
        return models;
    }

    /// <summary>Looks at one picture.</summary>
    /// <param name="picture">Its pixels must not change until the returned task has ended.</param>
    /// <param name="wanted">What is asked; <see cref="FaceFeatures.Presence"/> is always answered.</param>
    /// <exception cref="ArgumentException"><see cref="FaceFeatures.None"/>: then don't ask.</exception>
    /// <exception cref="ModelUnavailableException">A model is missing or altered.</exception>
    /// <exception cref="InferenceFailedException">A model failed on this picture.</exception>
    public async ValueTask<FaceAnalysis> AnalyzeAsync(
        RgbPicture picture, FaceFeatures wanted, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        if (wanted == FaceFeatures.None)
            throw new ArgumentException("No face feature is wanted.", nameof(wanted));
        var (outcome, faces) = await _detector.Value.DetectAsync(picture, requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed || faces.Count == 0)
            return FaceAnalysis.Of(outcome, faces);
        return await AnalyzeFacesAsync(picture, faces, wanted, requestClass, cancellationToken);
    }

    /// <summary>Looks closer at a face that was detected in this picture before.</summary>
    /// <param name="face">As <see cref="AnalyzeAsync"/> gave it.</param>
    /// <param name="wanted">As there.</param>
    /// <exception cref="ModelUnavailableException">A model is missing or altered.</exception>
    /// <exception cref="InferenceFailedException">A model failed on this picture.</exception>
    public ValueTask<FaceAnalysis> AnalyzeFaceAsync(
        RgbPicture picture, DetectedFace face, FaceFeatures wanted, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        AnalyzeFacesAsync(picture, [face], wanted, requestClass, cancellationToken);

    private static Lazy<T> LoadOnce<T>(Func<T> load) => new(load, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The main one, the first, as far as is asked.</summary>
    private async ValueTask<FaceAnalysis> AnalyzeFacesAsync(
        RgbPicture picture, IReadOnlyList<DetectedFace> faces, FaceFeatures wanted, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var analysis = FaceAnalysis.Of(RunOutcome.Completed, faces);
        if (wanted.HasFlag(FaceFeatures.Pose))
        {
            var (outcome, pose) = await _pose.Value.EstimateAsync(picture, faces[0], requestClass, cancellationToken);
            if (outcome != RunOutcome.Completed)
                return FaceAnalysis.Of(outcome, []);
            analysis = analysis with { Pose = pose };
        }

        if (wanted.HasFlag(FaceFeatures.Liveness))
        {
            var (outcome, probability) = await _liveness.Value.EstimateAsync(picture, faces[0], requestClass, cancellationToken);
            if (outcome != RunOutcome.Completed)
                return FaceAnalysis.Of(outcome, []);
            analysis = analysis with { LiveProbability = probability };
        }

        return (wanted & (FaceFeatures.Gaze | FaceFeatures.Identity)) == FaceFeatures.None
            ? analysis
            : await AnalyzeMeshAsync(picture, wanted, analysis, requestClass, cancellationToken);
    }

    private async ValueTask<FaceAnalysis> AnalyzeMeshAsync(
        RgbPicture picture, FaceFeatures wanted, FaceAnalysis analysis, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var (outcome, mesh) = await _mesh.Value.EstimateAsync(picture, analysis.Faces[0], requestClass, cancellationToken);
        if (outcome != RunOutcome.Completed)
            return FaceAnalysis.Of(outcome, []);
        if (mesh is null)
            return analysis;
        if (wanted.HasFlag(FaceFeatures.Gaze))
        {
            (outcome, var gaze) = await _iris.Value.EstimateAsync(picture, mesh, requestClass, cancellationToken);
            if (outcome != RunOutcome.Completed)
                return FaceAnalysis.Of(outcome, []);
            analysis = analysis with { Gaze = gaze, LooksAtCamera = CameraCone.Looks(analysis.Pose, gaze) };
        }

        if (wanted.HasFlag(FaceFeatures.Identity))
        {
            (outcome, var embedding) = await _embedder.Value.EmbedAsync(picture, mesh, requestClass, cancellationToken);
            if (outcome != RunOutcome.Completed)
                return FaceAnalysis.Of(outcome, []);
            analysis = analysis with { Embedding = embedding };
        }

        return analysis;
    }
}
