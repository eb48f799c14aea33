using MediaScore.Inference;
using MediaScore.Inference.Catalog;
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
        var live = checkLiveness ? await TryLivenessAsync(picture, face, cancellationToken) : null;
        var analysis = await analyzer.AnalyzeFaceAsync(picture, face, FaceFeatures.Identity, RequestClass.Terminal, cancellationToken);
        return analysis.Embedding.IsEmpty ? null : new FaceEvidence(analysis.Embedding, live);
    }

    /// <summary>Asked apart: where that model is missing, or fails on this face, whose it is can be told all the same. What a door makes of "not checked" is its own setting.</summary>
    private async ValueTask<double?> TryLivenessAsync(RgbPicture picture, DetectedFace face, CancellationToken cancellationToken)
    {
        try
        {
            return (await analyzer.AnalyzeFaceAsync(picture, face, FaceFeatures.Liveness, RequestClass.Terminal, cancellationToken)).LiveProbability;
        }
        catch (Exception fault) when (fault is ModelUnavailableException or InferenceFailedException)
        {
            return null;
        }
    }
}
