using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>Asks the face models for what is permitted, and for nothing else. Constructed only where face presence is permitted. Thread-safe.</summary>
internal sealed class FaceExaminer(FaceAnalyzer analyzer, Modality permitted) : IFaceExaminer
{
    /// <summary>What is asked for.</summary>
    public FaceFeatures Wanted { get; } =
        FaceFeatures.Presence | (permitted.HasFlag(Modality.Gaze) ? FaceFeatures.Pose | FaceFeatures.Gaze : FaceFeatures.None);

    public async ValueTask<FaceSample?> ExamineAsync(RgbPicture picture, MediaRange range, RequestClass requestClass, CancellationToken cancellationToken)
    {
        // A live picture may be dropped by a busy pool. Asking again now would only add to what it is busy with, and hold up the sound behind it; the final pass
        // asks again: load may delay a sample, not choose it.
        var analysis = await analyzer.AnalyzeAsync(picture, Wanted, requestClass == RequestClass.Live ? RequestClass.Sampled : requestClass, cancellationToken);
        if (analysis.Outcome != RunOutcome.Completed)
            return null;
        var detector = analyzer.ModelsOf(Wanted)[0];
        return new FaceSample(range, analysis.Faces.Count, Describe(analysis))
        {
            Model = new ModelStamp(detector.Id, detector.Version),
            Confidence = analysis.Main is { } main ? Math.Round(main.Score, 4) : null,
        };
    }

    private static FaceFinding? Describe(FaceAnalysis analysis)
    {
        if (analysis.Main is not { } face)
            return null;
        var box = new FaceBox(Math.Round(face.Box.Left, 4), Math.Round(face.Box.Top, 4), Math.Round(face.Box.Right, 4), Math.Round(face.Box.Bottom, 4));
        return new FaceFinding(
            box, Math.Round(face.Score, 4), Degrees(analysis.Pose?.YawDegrees), Degrees(analysis.Pose?.PitchDegrees), Degrees(analysis.Pose?.RollDegrees),
            analysis.LooksAtCamera);
    }

    // A tenth of a degree: the models are good to about five.
    private static double? Degrees(double? value) => value is { } degrees ? Math.Round(degrees, 1) : null;
}
