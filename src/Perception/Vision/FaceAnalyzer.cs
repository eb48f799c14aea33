using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>
/// Looks at the faces of one picture. Detection is always done; pose, gaze and identity of the largest face where asked for. One for all interviews:
/// thread-safe, no state between pictures, the same answer for the same picture. A model is loaded when a feature that needs it is first asked for, never before.
/// </summary>
public sealed class FaceAnalyzer
{
    public FaceAnalyzer(InferencePool pool, PreparedModels models, FaceAnalysisOptions options) =>
        (_, _, _) = (pool, models, options);

    /// <summary>Loads what these features need, so that a missing model shows now and the first picture does not wait.</summary>
    /// <exception cref="ModelUnavailableException">A model is missing or altered; the message names the cure.</exception>
    public void Prepare(FaceFeatures features) => throw new NotSupportedException("Lands within the hour.");

    /// <summary>The models that these features use, the detector first. Loads them as <see cref="Prepare"/> does.</summary>
    public IReadOnlyList<ModelIdentity> ModelsOf(FaceFeatures features) => throw new NotSupportedException("Lands within the hour.");

    /// <summary>Looks at one picture.</summary>
    /// <param name="picture">Its pixels must not change until the returned task has ended.</param>
    /// <param name="wanted">What is asked; <see cref="FaceFeatures.Presence"/> is always answered, <see cref="FaceFeatures.None"/> is refused.</param>
    /// <exception cref="ModelUnavailableException">A model is missing or altered.</exception>
    /// <exception cref="InferenceFailedException">A model failed on this picture.</exception>
    public ValueTask<FaceAnalysis> AnalyzeAsync(RgbPicture picture, FaceFeatures wanted, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Lands within the hour.");
}
