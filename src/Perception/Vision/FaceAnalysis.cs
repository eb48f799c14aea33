using MediaScore.Inference;

namespace MediaScore.Perception.Vision;

/// <summary>What was found out about the faces of one picture.</summary>
/// <param name="Outcome">Anything but <see cref="RunOutcome.Completed"/>: the pool dropped a sampled request, and nothing below is known.</param>
/// <param name="Faces">By area, the largest first.</param>
/// <param name="Pose">Of the main face; null without a face, or where not asked for.</param>
/// <param name="Gaze">Of the main face; null without a face, where not asked for, or where the eyes could not be found.</param>
/// <param name="LooksAtCamera">Null where pose or gaze is.</param>
/// <param name="Embedding">512 values of unit length; empty without a face, or where not asked for.</param>
public sealed record FaceAnalysis(
    RunOutcome Outcome, IReadOnlyList<DetectedFace> Faces, HeadPose? Pose, EyeGaze? Gaze, bool? LooksAtCamera, ReadOnlyMemory<float> Embedding)
{
    /// <summary>Probability that the main face lives, 0 to 1; null without a face, or where not asked for. See the model's card for how little one picture can tell.</summary>
    public double? LiveProbability { get; init; }

    /// <summary>The largest face: at an interview the nearest to the camera. Null without one.</summary>
    public DetectedFace? Main => Faces.Count > 0 ? Faces[0] : null;

    internal static FaceAnalysis Of(RunOutcome outcome, IReadOnlyList<DetectedFace> faces) => new(outcome, faces, null, null, null, default);
}
