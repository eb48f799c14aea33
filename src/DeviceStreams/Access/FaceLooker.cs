using MediaScore.Inference;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>Asks the models that interviews use too. Thread-safe; one for all terminals.</summary>
internal sealed class FaceLooker(FaceAnalyzer analyzer) : IFaceLooker
{
    public async ValueTask<FaceSighting> DetectAsync(RgbPicture picture, CancellationToken cancellationToken)
    {
        var analysis = await analyzer.AnalyzeAsync(picture, FaceFeatures.Presence, RequestClass.Terminal, cancellationToken);
        if (analysis.Main is not { } face)
            return new FaceSighting(0, null, 0, "");
        var quality = FaceQuality.Measure(picture, face);
        return new FaceSighting(analysis.Faces.Count, face, quality.Worth, quality.Describe());
    }

    public async ValueTask<FaceEvidence?> ExamineAsync(RgbPicture picture, DetectedFace face, bool checkLiveness, CancellationToken cancellationToken)
    {
        var wanted = FaceFeatures.Identity | (checkLiveness ? FaceFeatures.Liveness : FaceFeatures.None);
        var analysis = await analyzer.AnalyzeFaceAsync(picture, face, wanted, RequestClass.Terminal, cancellationToken);
        return analysis.Embedding.IsEmpty ? null : new FaceEvidence(analysis.Embedding, analysis.LiveProbability);
    }
}
