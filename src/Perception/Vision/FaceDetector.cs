using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>Finds faces in a picture. Thread-safe, no state between pictures.</summary>
public abstract class FaceDetector
{
    /// <summary>More faces than this are not reported: an interview's picture has one, a group's a dozen.</summary>
    public const int MaxFaces = 64;

    private protected FaceDetector()
    {
    }

    public abstract ModelIdentity Model { get; }

    /// <summary>Loads the detector's model into the pool.</summary>
    /// <exception cref="ModelUnavailableException">The model is missing or altered; the message names the cure.</exception>
    public static FaceDetector Create(FaceDetectorKind kind, InferencePool pool, PreparedModels models) => kind switch
    {
        FaceDetectorKind.BlazeFace => new BlazeFaceDetector(pool, models.Get("blazeface")),
        FaceDetectorKind.Rfb320 => new Rfb320Detector(pool, models.Get("face-detect-rfb320")),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown face detector."),
    };

    /// <summary>Faces by area, the largest first.</summary>
    /// <returns>The outcome, and no faces where it is not <see cref="RunOutcome.Completed"/>.</returns>
    public abstract ValueTask<(RunOutcome Outcome, IReadOnlyList<DetectedFace> Faces)> DetectAsync(
        RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken = default);

    /// <summary>Boxes cut to the picture, largest first; ties in order of score, then of place, so that the order is a function of the picture.</summary>
    private protected static IReadOnlyList<DetectedFace> Order(IEnumerable<DetectedFace> faces) =>
    [
        .. faces.Select(face => face with { Box = face.Box.Clamped() })
            .Where(face => face.Box.Area > 0)
            .OrderByDescending(face => face.Box.Area).ThenByDescending(face => face.Score).ThenBy(face => face.Box.Left).ThenBy(face => face.Box.Top)
            .Take(MaxFaces),
    ];
}
