using MediaScore.Inference;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>The models that interviews and doors use too.</summary>
public sealed class EnrolmentFaces(FaceAnalyzer analyzer) : IEnrolmentFaces
{
    /// <inheritdoc/>
    public ModelIdentity Embedder => analyzer.ModelsOf(FaceFeatures.Identity)[^1];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DetectedFace>> FindAsync(RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken) =>
        (await analyzer.AnalyzeAsync(picture, FaceFeatures.Presence, requestClass, cancellationToken)).Faces;

    /// <inheritdoc/>
    public FaceQuality Judge(RgbPicture picture, DetectedFace face) => FaceQuality.Measure(picture, face);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<float>> EmbedAsync(RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken) =>
        (await analyzer.AnalyzeFaceAsync(picture, face, FaceFeatures.Identity, requestClass, cancellationToken)).Embedding;
}
