using MediaScore.Inference;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>The face models as a door asks them, all in class <see cref="RequestClass.Terminal"/>: in two steps, since most frames of a pass only need the first. Or a script, in tests of what decides.</summary>
internal interface IFaceLooker
{
    /// <summary>Finds faces and judges the largest.</summary>
    /// <param name="picture">Stays the caller's; read until the task completes.</param>
    /// <exception cref="Inference.Catalog.ModelUnavailableException">A model is missing; the message names the cure.</exception>
    ValueTask<FaceSighting> DetectAsync(RgbPicture picture, CancellationToken cancellationToken);

    /// <summary>Embeds the face, and checks whether it lives where asked.</summary>
    /// <returns>Null where no face could be aligned after all.</returns>
    /// <exception cref="Inference.Catalog.ModelUnavailableException">A model is missing; the message names the cure.</exception>
    ValueTask<FaceEvidence?> ExamineAsync(RgbPicture picture, DetectedFace face, bool checkLiveness, CancellationToken cancellationToken);
}
