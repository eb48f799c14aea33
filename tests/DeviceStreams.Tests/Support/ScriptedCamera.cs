using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>Face models that see in a picture of one shade what a test says of that shade, and no face in any other.</summary>
internal sealed class ScriptedCamera : IFaceLooker
{
    private readonly Dictionary<int, Sight> _sights = [];

    public bool IsMissing { get; set; }

    /// <summary>Called before a face is looked for.</summary>
    public Func<Task>? Detecting { get; set; }

    /// <summary>Called before a face is compared.</summary>
    public Action? Examining { get; set; }

    public int DetectedCount { get; private set; }

    public int ExaminedCount { get; private set; }

    /// <summary>How often the liveness model was asked.</summary>
    public int LivenessCount { get; private set; }

    /// <param name="live">What the liveness model says where it is asked; null: it cannot tell.</param>
    public void Show(int shade, float[] embedding, double worth = 0.9, string fault = "", double? live = null) => _sights[shade] = new Sight(embedding, worth, fault, live);

    public async ValueTask<FaceSighting> DetectAsync(RgbPicture picture, CancellationToken cancellationToken)
    {
        if (IsMissing)
            throw new ModelUnavailableException("scripted", ModelProblem.Missing, "it is not there", "Run: mediascore models prepare");
        DetectedCount++;
        if (Detecting is { } wait)
            await wait();
        return _sights.TryGetValue(ScriptedFaces.ShadeOf(picture), out var sight)
            ? new FaceSighting(1, new DetectedFace(new FaceRectangle(0.25, 0.25, 0.75, 0.75), 0.9, []), sight.Worth, sight.Fault)
            : new FaceSighting(0, null, 0, "");
    }

    public ValueTask<FaceEvidence?> ExamineAsync(RgbPicture picture, DetectedFace face, bool checkLiveness, CancellationToken cancellationToken)
    {
        ExaminedCount++;
        LivenessCount += checkLiveness ? 1 : 0;
        Examining?.Invoke();
        var sight = _sights[ScriptedFaces.ShadeOf(picture)];
        return ValueTask.FromResult<FaceEvidence?>(new FaceEvidence(sight.Embedding, checkLiveness ? sight.Live : null));
    }

    private sealed record Sight(float[] Embedding, double Worth, string Fault, double? Live);
}
