using MediaScore.Inference;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>The face models as an enrolment asks them; a script, in tests of what is decided.</summary>
public interface IEnrolmentFaces
{
    /// <summary>Whose embeddings these are.</summary>
    /// <exception cref="Inference.Catalog.ModelUnavailableException">The model is not prepared; the message names the cure.</exception>
    ModelIdentity Embedder { get; }

    /// <summary>All faces, the largest first.</summary>
    /// <exception cref="Inference.Catalog.ModelUnavailableException">The model is not prepared; the message names the cure.</exception>
    ValueTask<IReadOnlyList<DetectedFace>> FindAsync(RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken);

    /// <summary>What one face is worth, and what keeps it from being worth more.</summary>
    FaceQuality Judge(RgbPicture picture, DetectedFace face);

    /// <returns>512 values of unit length; empty where the face could not be aligned.</returns>
    /// <exception cref="Inference.Catalog.ModelUnavailableException">The model is not prepared; the message names the cure.</exception>
    ValueTask<ReadOnlyMemory<float>> EmbedAsync(RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken);
}
