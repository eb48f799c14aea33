using MediaScore.DeviceStreams.Gallery;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>Where this server has no face models: devices work all the same, and whoever asks for a face is told what is missing.</summary>
internal sealed class MissingFaces(string why) : IFaceLooker, IEnrolmentFaces
{
    public ModelIdentity Embedder => throw Missing();

    public ValueTask<FaceSighting> DetectAsync(RgbPicture picture, CancellationToken cancellationToken) => throw Missing();

    public ValueTask<FaceEvidence?> ExamineAsync(RgbPicture picture, DetectedFace face, bool checkLiveness, CancellationToken cancellationToken) => throw Missing();

    public ValueTask<IReadOnlyList<DetectedFace>> FindAsync(RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken) => throw Missing();

    public FaceQuality Judge(RgbPicture picture, DetectedFace face) => throw Missing();

    public ValueTask<ReadOnlyMemory<float>> EmbedAsync(RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken) => throw Missing();

    private ModelUnavailableException Missing() => new("faces", ModelProblem.Missing, why.TrimEnd('.'), "Run: mediascore models prepare");
}
