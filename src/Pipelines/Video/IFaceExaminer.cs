using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>Looks for faces in one picture: the face models, or a script in tests of what follows them.</summary>
internal interface IFaceExaminer
{
    /// <param name="picture">Stays the caller's; read until the task completes.</param>
    /// <returns>Null where a live picture had to give way to more urgent work: the final pass asks again.</returns>
    ValueTask<FaceSample?> ExamineAsync(RgbPicture picture, MediaRange range, RequestClass requestClass, CancellationToken cancellationToken);
}
